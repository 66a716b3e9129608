"""Making two profiles of one person one, keeping every total, and two again while that can be undone."""
