"""Settlement between partners."""
