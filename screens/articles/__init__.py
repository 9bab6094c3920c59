"""Pictures and texts of a screen as a column of few words."""
