"""Keyed hashes of what names a person at a biller: the same text has the same one, and nothing is read out of it."""

from central.keys.at_rest import Vault


def debt_mark(vault: Vault, biller: str, debt: str) -> str:
    """Return what tells a biller's debts apart."""
    return vault.mark(f"debt\n{biller}\n{debt}")


def subscriber_mark(vault: Vault, biller: str, subscriber: str) -> str:
    """Return what tells a biller's subscribers apart."""
    return vault.mark(f"subscriber\n{biller}\n{subscriber}")
