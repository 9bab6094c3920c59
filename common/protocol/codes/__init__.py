"""Codes that a phone shows: signed, strict in form, read without a network."""
