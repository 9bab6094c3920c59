"""Payments by telephone: whose bills can be paid and by whom, each try to pay one, and what becomes of the money."""
