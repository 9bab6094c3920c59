"""What stands on paper, and getting it printed."""
