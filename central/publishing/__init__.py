"""What goes into the feed: checked as a kiosk would check it, then published."""
