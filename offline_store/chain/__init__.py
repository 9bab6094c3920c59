"""Items in one unbroken chain: appended, hashed, audited, pruned."""
