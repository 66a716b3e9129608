"""Tills: who they are, how a page is paired with one, and what a scan tells them."""
