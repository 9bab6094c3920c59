"""A wallet, a bank and a biller of the demo, each with books of its own that central reads by ports alone; all lie."""
