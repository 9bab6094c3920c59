"""The technician's view of delivery: outbox, central, network."""
