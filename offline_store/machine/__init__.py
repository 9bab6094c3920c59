"""The machine that a store runs on, the same for kiosk and hub: its clock and its watchdog."""
