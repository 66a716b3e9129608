"""Erasing a person and keeping the books: what goes, what stays under a pseudonym, and the act that says so."""
