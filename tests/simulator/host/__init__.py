"""The page that plays Zoho CRM, in a real browser."""
