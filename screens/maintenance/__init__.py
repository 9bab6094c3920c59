"""The technician's screens, T1 to T13: they draw `kiosk.maintenance.prompts` and decide nothing."""
