"""What resolvers of one request read in batches, each row once."""

from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from services.instalments.reading import InstalmentFacts
from services.instalments.reading import of_purchases as instalments_of
from services.ledger import Standing
from services.members import CardFacts, MemberFacts, cards_by_member, members_by_id, standings_by_member
from services.payments.rows import PaymentFacts
from services.payments.rows import find_all as payments_by_id


class Loaders:
    """Fresh for every request; a loader is made when it is first asked for."""

    @cached_property
    def member(self) -> DataLoader[UUID, MemberFacts | None]:
        """Members by their ids."""
        return DataLoader(members_by_id)

    @cached_property
    def standing(self) -> DataLoader[UUID, Standing | None]:
        """What members have reached."""
        return DataLoader(standings_by_member)

    @cached_property
    def instalment(self) -> DataLoader[UUID, InstalmentFacts | None]:
        """How receipts stand with their banks."""
        return DataLoader(instalments_of)

    @cached_property
    def payment(self) -> DataLoader[UUID, PaymentFacts | None]:
        """Payments by their ids."""
        return DataLoader(payments_by_id)

    @cached_property
    def cards(self) -> DataLoader[UUID, list[CardFacts]]:
        """The cards of members, the working one first."""
        return DataLoader(cards_by_member)
