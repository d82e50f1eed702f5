"""Two people, two systems, one bridge: random days that must always settle."""
