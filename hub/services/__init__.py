"""What works in this centre now: services that stand still, central's word on them, and whether today is likely."""
