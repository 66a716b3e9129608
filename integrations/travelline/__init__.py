"""TravelLine: content, search, reservation and reading of reservations."""
