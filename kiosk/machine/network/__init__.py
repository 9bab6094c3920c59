"""The network of the machine: its link, its addresses, and NetworkManager."""
