"""iikoCloud as its contract tells of it: organizations, orders by revision, guests and webhooks, over real HTTP."""
