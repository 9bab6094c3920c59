"""Scripted visits that reach each picture: what a screen shows here, a citizen can come to before the real desk."""
