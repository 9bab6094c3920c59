"""Small files that a machine cannot do without, each kept twice with a check: records and private keys."""
