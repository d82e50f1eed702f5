"""What `./dev` does once its environment is ready; no part of the running product."""
