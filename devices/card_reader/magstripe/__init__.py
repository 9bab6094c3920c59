"""Swipe readers that send the tracks of a magnetic stripe as text."""
