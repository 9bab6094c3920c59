"""Calls about payments: what payers tell, and the pages of receipts."""
