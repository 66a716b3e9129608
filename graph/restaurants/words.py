"""Sentences about restaurants of a cloud."""

WORDS: dict[str, tuple[str, str]] = {
    "restaurants.days": ("Укажите от 1 до {most} дней.", "Ask for 1 to {most} days."),
}
