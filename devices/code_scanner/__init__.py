"""Scanners that send what they read over a serial line, most of them without being asked."""
