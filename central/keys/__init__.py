"""Central's private keys: kept, chained from old to new, and written whole."""
