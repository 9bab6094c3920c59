"""The ways to hand in an order: by code, by number, with the identity card."""
