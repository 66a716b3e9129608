"""Orders of restaurants' own systems: a guest is bound to one, it is priced, closed once, and returned."""
