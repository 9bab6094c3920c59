"""Central's HTTP interface, one module a resource."""
