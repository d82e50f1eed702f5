"""The control API and page: what a person does in Xero or in Zoho CRM, and what goes wrong."""
