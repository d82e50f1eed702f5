"""Xero: `wire` builds and deciphers without I/O, `client` makes the calls, `oauth` connects."""
