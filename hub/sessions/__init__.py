"""Who is at which counter: PINs judged without a network, sessions that survive a restart, locks after wrong PINs."""
