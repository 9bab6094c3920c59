"""What kiosk and central say to each other of money: who is paid and by whom, a bill, and what becomes of a payment."""
