"""Retention by rule: what central keeps no longer than the city says, and how it goes. Without a rule it stays."""
