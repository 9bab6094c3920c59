"""Visits: tickets and what the hubs tell of them, read out of the inbox, whatever came first."""
