"""Posting purchases: checked, priced again, and written in one statement that many tills share."""

from services.purchases.posting import Posted, PurchaseCommand, Repriced, TenderPaid, post_purchase

__all__ = ["Posted", "PurchaseCommand", "Repriced", "TenderPaid", "post_purchase"]
