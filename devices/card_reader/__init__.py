"""Card readers, one folder a protocol with the same file names in each: frames, driver, simulator.

A payment terminal is another device with another promise (money): its plug-in point is the registry and a protocol of
its own, and no driver is here. Readers that speak CCID over USB belong to PC/SC and are not serial.
"""
