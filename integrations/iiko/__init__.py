"""iikoCloud: organizations, orders, menus, webhooks and guests."""
