"""The technician's hands: paper, device tests, power and time, settings, out of service."""
