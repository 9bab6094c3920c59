"""A GSM modem on a serial line: short messages that go out also while the internet is cut."""
