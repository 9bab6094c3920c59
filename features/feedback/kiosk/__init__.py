"""At a kiosk: who shows the paper of a visit that is over may say whether it was done, and how it was."""
