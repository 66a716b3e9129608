"""Members who join and change their data at a till or in a web shop: the rules of the cabinet, behind a till's key."""
