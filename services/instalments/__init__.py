"""Receipts paid by instalments: they count and earn once the bank has said yes."""
