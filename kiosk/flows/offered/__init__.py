"""What features offer at a kiosk, beside what its own flows do: a kind of offer a module."""
