"""The conversation with a printer: its status, what it can do, and when it has really printed."""
