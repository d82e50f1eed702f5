"""What the web asks for: signing in, the API, webhooks, widget pages; nobody imports this room."""
