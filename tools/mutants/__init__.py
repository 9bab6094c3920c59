"""Mutations of what was changed: each is a small fault put into a copy of the tree, which a test has to notice."""
