"""Copies of all that central has: made each night, sealed, signed, kept by rule, tried, and brought back."""
