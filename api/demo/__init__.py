"""The demo: one command that starts everything a visitor needs, with invented people and a year of purchases."""
