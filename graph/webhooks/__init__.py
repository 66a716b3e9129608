"""Webhooks of partners: where they lead, what became of them, and sending them once more."""
