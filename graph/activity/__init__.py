"""What happens to a card, told to the phone that shows it."""
