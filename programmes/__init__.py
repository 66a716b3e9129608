"""Programmes as data: what an operator writes, checks and applies. No code lives here."""
