"""Modules that have a part in the business of others, which is why rules know them by name.

Everything else about a module is said in its own file; no other file names one
(`tests/test_module_names.py`).
"""

COMPANIES, PERSONS = CUSTOMERS = ("accounts", "contacts")
"""Who owes what is invoiced: the setting `customers` chooses which of them documents name."""
PRODUCTS = "products"
"""What the lines of documents sell."""
INVOICES = "invoices"
"""What customers owe, and what is marked as paid."""
PAYMENTS = "payments"
"""Whose switches govern what has been paid, though it shows on another module's records."""
