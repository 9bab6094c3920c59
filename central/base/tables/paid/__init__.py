"""Payments: bills and tries to pay them, what payers' and billers' own books say, and what we keep for billers."""
