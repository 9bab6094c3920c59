"""What the tests of several rooms stand on: clock, store, desk, printers, central, databases, power cuts."""
