"""Flows in which a bill or an order's fee is paid by telephone."""
