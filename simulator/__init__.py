"""Xero and Zoho CRM as others see them, for demonstrations and tests.

Nothing here imports the product and the product imports nothing of this: the two meet over HTTP,
or over `simulator.transport.WSGITransport`, which carries the same bytes without a socket.
"""
