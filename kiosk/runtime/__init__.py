"""One kiosk in service: its parts put together, watched, and restarted."""
