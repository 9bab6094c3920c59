"""The centre's own server: it hears of each ticket, counters call from it, and kiosks learn how many wait."""
