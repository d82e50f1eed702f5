"""The page that plays Zoho CRM around the widget: CRM's records and the host side of its SDK."""
