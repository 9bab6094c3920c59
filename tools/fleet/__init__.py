"""A season of the whole city: central over PostgreSQL, its centres' hubs and kiosks, on one clock that runs fast."""
