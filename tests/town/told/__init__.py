"""What clerks and citizens of the town were told: how it is written down."""
