"""What kiosks and hubs bring: deliveries taken in, orders applied, sealed parts opened."""
