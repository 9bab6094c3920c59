"""The commands by which something is told to kiosks and hubs, and those that say what holds there."""
