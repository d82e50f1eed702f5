"""Zoho CRM v8 and its accounts server as an outside client sees them."""
