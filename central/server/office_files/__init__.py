"""Files of others read, and papers printed, in a process with limits: no kiosk's answer waits for it."""
