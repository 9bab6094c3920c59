"""Scripted people: a citizen, a technician, somebody at the window."""
