"""What a citizen or clerk asks of central and waits for: written down here, carried at once, answered as a row."""
