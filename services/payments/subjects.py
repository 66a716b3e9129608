"""What is paid for: each kind of it says what its payment means to it. The list of kinds is in services/paid_for.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from services.payments.rows import PaymentFacts, RefundFacts
from services.work import Work


class Subject(Protocol):
    """One kind of thing that is paid for.

    Everything happens in the unit of work that changes the payment, each once. The subject's row is locked before the
    payment's: whoever has the subject locked may open a payment for it and refund one.
    """

    kind: str

    async def lock(self, tx: Work, subject: UUID) -> None:
        """Lock the subject's row."""

    async def paid(self, tx: Work, payment: PaymentFacts, now: datetime) -> bool:
        """The money is here. False: nobody wants it any more, and it goes back in full by itself."""

    async def unpaid(self, tx: Work, payment: PaymentFacts, now: datetime) -> None:
        """No money will come: declined, not paid in time, or refused. What was kept for it may go."""

    async def refunded(self, tx: Work, payment: PaymentFacts, refund: RefundFacts, now: datetime) -> None:
        """A refund has ended: SUCCEEDED, or CANCELED, which a person has to look at. ASKING: that person has it asked anew."""

    async def give_up(self, tx: Work, thing: UUID, now: datetime) -> bool:
        """Nothing comes of what was paid for, says a person: all of its money goes back. False: it stands otherwise meanwhile.

        `thing` is the subject, which is locked, or what was asked about it, such as a return.
        """


Subjects: TypeAlias = Mapping[str, Subject]


def subjects_of(*subjects: Subject) -> dict[str, Subject]:
    """Subjects by their kind; a kind belongs to one."""
    found = {one.kind: one for one in subjects}
    if len(found) != len(subjects):
        raise ValueError("two subjects are of one kind")
    return found
