"""Whom central has promised a place: appointments and numbers from afar, judged when they are shown."""
