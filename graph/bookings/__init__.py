"""Hotels and bookings of their rooms."""
