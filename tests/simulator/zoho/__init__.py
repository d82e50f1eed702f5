"""The simulated Zoho CRM against the fact sheet, the official SDK and Zoho's OpenAPI files."""
