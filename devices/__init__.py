"""Drivers of the kiosk's devices, and simulators that stand in for them. Imports nothing else of the kiosk."""
