"""The shell: the only room that joins apis and store; runs without Flask."""
