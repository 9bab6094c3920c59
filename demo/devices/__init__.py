"""The devices of the demo: simulated ones, an independent one, and a UPS."""
