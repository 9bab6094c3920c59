"""What a counter asks of central for a citizen who stands there or telephones, and waits for."""
