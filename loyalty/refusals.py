"""Refusals: the closed list of answers by which a rule says no, and says what to do instead."""

from enum import StrEnum
from typing import Protocol


class Code(StrEnum):
    """Every refusal a caller may meet. The list is part of the contract: add, never rename."""

    INVALID_INPUT = "INVALID_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    LIMIT_REACHED = "LIMIT_REACHED"
    BUSY = "BUSY"
    INTERNAL = "INTERNAL"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    TOKEN_NOT_ACCEPTED = "TOKEN_NOT_ACCEPTED"  # noqa: S105  (the name of a refusal)
    CARD_NOT_ACCEPTED = "CARD_NOT_ACCEPTED"
    TICKET_EXPIRED = "TICKET_EXPIRED"
    CHANNEL_NOT_ALLOWED = "CHANNEL_NOT_ALLOWED"
    SERVICE_NOT_SOLD_HERE = "SERVICE_NOT_SOLD_HERE"
    QUOTE_EXPIRED = "QUOTE_EXPIRED"
    QUOTE_USED = "QUOTE_USED"
    RECEIPT_EXISTS = "RECEIPT_EXISTS"
    AMBIGUOUS_RECEIPT = "AMBIGUOUS_RECEIPT"
    TENDERS_DO_NOT_ADD_UP = "TENDERS_DO_NOT_ADD_UP"
    KEY_REUSED = "KEY_REUSED"
    REFUND_EXCEEDS_SALE = "REFUND_EXCEEDS_SALE"
    HOLD_EXPIRED = "HOLD_EXPIRED"
    SPENDING_NOT_CONFIRMED = "SPENDING_NOT_CONFIRMED"
    ROOM_GONE = "ROOM_GONE"
    ENGINE_AWAY = "ENGINE_AWAY"
    ALREADY_IN_FAMILY = "ALREADY_IN_FAMILY"
    NOT_IN_FAMILY = "NOT_IN_FAMILY"
    FAMILY_FULL = "FAMILY_FULL"
    HEAD_CANNOT_LEAVE = "HEAD_CANNOT_LEAVE"
    NOT_ENOUGH_POINTS = "NOT_ENOUGH_POINTS"
    VOUCHER_NOT_ACCEPTED = "VOUCHER_NOT_ACCEPTED"
    UNFINISHED = "UNFINISHED"


class Telling(Protocol):
    """A fact that reads differently in each language."""

    def in_locale(self, locale: str) -> str:
        """The fact for a reader."""
        ...


class Refusal(Exception):
    """An expected no. Nothing has changed, and nothing is wrong with the server.

    `words` names a sentence of the catalogue and `facts` fill its places, so that one refusal reads well in every
    language. `field` is a path such as `input.lines.0.amount`.
    """

    def __init__(
        self,
        code: Code,
        words: str,
        *,
        field: str | None = None,
        retryable: bool = False,
        retry_after_seconds: int | None = None,
        **facts: str | int | Telling,
    ) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
        self.words = words
        self.field = field
        self.retryable = retryable
        self.retry_after_seconds = retry_after_seconds
        self.facts = facts
