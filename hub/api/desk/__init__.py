"""The calls of counters that are about services and people, not about the ticket that is called."""
