"""Changing one's own data: names, the day of birth, the language, the address."""
