"""Xero as an application sees it: sign-in, tokens, connections and the Accounting API 2.0."""
