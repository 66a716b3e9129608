"""What a member does with the card."""

import strawberry

from graph.cards.types import CardKey, IssueCardKeyResult
from graph.context import Info
from graph.permissions import member
from services.cards import issue_card_key


@strawberry.type
class CardMutations:
    """What a member does with the card."""

    @strawberry.mutation(
        extensions=[member()],
        description="Give a device its handle and day keys; the same device keeps its handle. Five devices at most.",
    )
    async def issue_card_key(self, info: Info, device: str) -> IssueCardKeyResult:
        """Give a device its handle and day keys."""
        viewer = info.context.member
        key = await issue_card_key(
            info.context.resources.keyring,
            member_id=viewer.member_id,
            session_id=viewer.session_id,
            device=device,
            now=info.context.now,
        )
        return CardKey.of(key)
