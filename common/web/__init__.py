"""What hub and central need to serve HTTP, the same for both; no other program imports it."""
