"""Numbers and orders recorded; the codes that people hold to the scanner read and judged."""
