"""The bridge between Zoho CRM and Xero."""
