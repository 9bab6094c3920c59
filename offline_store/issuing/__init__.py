"""Tickets and orders given: the day, the number and the row in one transaction."""
