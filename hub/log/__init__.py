"""What happened, in order and for good, and the tables that are made of it, in the same transaction."""
