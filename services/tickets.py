"""Tickets of scans and of told numbers, as a till gives them back."""

from uuid import UUID

from loyalty.refusals import Code, Refusal


def ticket_id(ticket: str) -> UUID:
    """The id of a ticket. What is none was none for long: raises TICKET_EXPIRED."""
    try:
        return UUID(ticket)
    except ValueError:
        raise expired() from None


def expired() -> Refusal:
    """The refusal of a ticket that has ended, is another till's, or never was."""
    return Refusal(Code.TICKET_EXPIRED, "quote.ticket_expired", field="input.ticket")
