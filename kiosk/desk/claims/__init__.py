"""Appointments and numbers from afar: shown at this kiosk, judged without a network, or asked for of central."""
