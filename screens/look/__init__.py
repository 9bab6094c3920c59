"""Colours, sizes, letters: how everything is drawn."""
