"""Contacts, vendors, credit notes and payments to Xero, against both simulators."""
