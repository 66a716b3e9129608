"""Opening balances: what members had in other systems, imported under control totals and taken over by their owners."""
