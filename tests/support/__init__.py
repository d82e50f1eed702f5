"""What several tests need: servers, databases, the network fence."""
