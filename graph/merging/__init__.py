"""Making two profiles of one person one, and two again."""
