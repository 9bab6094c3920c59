"""What this kiosk has given: tickets, orders, and its counters."""
