"""Zoho CRM: `wire` builds and deciphers without I/O, `client` calls, `oauth` connects."""
