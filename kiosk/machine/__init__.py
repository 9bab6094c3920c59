"""The machine under the kiosk: power, panel light, uptime, network."""
