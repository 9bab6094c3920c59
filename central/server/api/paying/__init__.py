"""Calls about payments: what payers tell."""
