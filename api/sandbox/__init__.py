"""A sandbox: the same programme on a second database, with a clock that is moved and messages that stay (C-17)."""
