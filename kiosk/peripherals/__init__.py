"""The watch over devices: opened, asked, restarted, reported."""
