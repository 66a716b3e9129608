"""What a programme watches for: hard limits at the till, signals found by jobs, and what the staff decides about them."""
