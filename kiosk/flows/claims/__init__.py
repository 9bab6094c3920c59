"""What citizens do with appointments that they have: show one, have its number."""
