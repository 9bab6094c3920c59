"""Payments under kills of central, wallet and biller, where these and the network lie; `python -m` runs it."""
