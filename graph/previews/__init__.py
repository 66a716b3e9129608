"""Messages as their readers get them, for the staff."""
