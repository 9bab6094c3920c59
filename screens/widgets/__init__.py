"""The parts every screen is made of: surfaces, labels, pictures, buttons, the number pad."""
