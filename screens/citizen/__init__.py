"""What citizens see: one screen for each prompt and notice of kiosk.prompts."""
