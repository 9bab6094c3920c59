"""The whole system on one machine: simulated devices, embedded central, enrolled kiosk, forwarder."""
