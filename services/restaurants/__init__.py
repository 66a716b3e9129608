"""What a restaurants' cloud tells: its events and orders become purchases, once, beside what plugins tell."""
