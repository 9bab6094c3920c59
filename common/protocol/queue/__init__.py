"""What kiosks, hubs and central say of a centre's queue and services."""
