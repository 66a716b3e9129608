"""Campaigns where receipts are priced and posted: what they must know, what they gave, and promo codes."""
