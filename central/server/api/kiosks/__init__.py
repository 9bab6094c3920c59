"""What kiosks and hubs ask of central: enrolment, batches, the feed, the time, and what a hub has lost."""
