"""Orders from the app: their codes read a second time, and each known once."""
