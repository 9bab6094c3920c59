"""The cluster of `deploy/cluster` for real: three machines as namespaces, killed, cut and set back."""
