"""The machine under the kiosk: power, panel light, network."""
