"""What looked like fraud, for those who review it."""
