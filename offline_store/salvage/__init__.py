"""What still reads of a damaged store goes on in a new one: `rebuild` is the way, the others are its steps."""
