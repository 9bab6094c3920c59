"""What becomes of a payment: each step is one transaction, and no call to a payer or biller is within one."""
