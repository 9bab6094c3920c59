"""A printer that isn't there: answers as the real one does, fails on demand, and keeps its paper."""
