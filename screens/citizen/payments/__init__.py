"""Screens of a bill that is paid by telephone."""
