"""Sets a new kiosk up: finds what is plugged in, writes the settings, prints a page, enrols."""
