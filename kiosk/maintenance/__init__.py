"""The technician's part of the kiosk: who may come in, what is seen, tested, changed and carried away."""
