"""Seats by plan: laid into a centre's own past, made ahead as rows, and what is left of them for whom."""
