"""What all rooms of central stand on: database, tables, clock, settings and logs."""
