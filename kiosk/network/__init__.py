"""The machine's network: what the kernel says of it, and how its addresses are changed through NetworkManager."""
