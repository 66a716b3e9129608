"""Purchases and refunds: posted by tills, read by members."""
