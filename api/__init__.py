"""Entry points: HTTP, the command line and the wiring. Only this floor and `jobs` read settings."""
