"""The web application over the simulators, all in one process."""
