"""Sealed bodies opened with central's private keys, in a process of its own."""
