"""The machine under the kiosk: clock, power, panel light, watchdog."""
