"""The window: its size, its turning, its touches, and the loop that draws."""
