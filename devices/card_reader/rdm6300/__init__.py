"""RDM6300 and its kin: 125 kHz readers that send the number of an EM4100 tag as text."""
