"""Use cases: each one unit of work, and the only writers of facts."""
