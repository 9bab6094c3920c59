"""Who we are to central, and the start of the forwarder."""
