"""What the kiosk does: flows that decide, and what they need. No Kivy except in app.py."""
