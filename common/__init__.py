"""Common ground of kiosk, hub and central: protocol, machine, city and web; each may import only the ones before it."""
