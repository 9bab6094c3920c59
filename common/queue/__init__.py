"""The hall: what a ticket and a counter are, and what each fact makes of them. Pure: no clock, disk or network."""
