"""Claims: the right to a place at a centre at a time. Seats by plan, who holds or has one, and what becomes of it."""
