"""Refunds: a receipt found, locked, and returned in whole or in part by the rule that no order of parts can bend."""

from services.refunds.finding import find_receipt
from services.refunds.refunding import RefundCommand, Refunded, RefundWish, refund_purchase

__all__ = ["RefundCommand", "RefundWish", "Refunded", "find_receipt", "refund_purchase"]
