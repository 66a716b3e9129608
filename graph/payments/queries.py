"""Money that waits for a person."""

import strawberry

from graph.context import Info
from graph.payments.matters import MoneyWaiting
from graph.permissions import needs
from services import programmes
from services.payments import waiting


@strawberry.type
class PaymentQueries:
    """Money that waits for a person."""

    @strawberry.field(
        extensions=[needs(waiting.VIEW)],
        description="Payments and refunds that wait for a person, at the partners where the right is held: the oldest hundred.",
    )
    async def money_waiting(self, info: Info) -> list[MoneyWaiting]:
        """What waits, the oldest first."""
        context = info.context
        access, programme = context.staff.access, await programmes.current(context.now)
        found = await waiting.page(access, context.now)
        return [MoneyWaiting.of(one, access, programme, context.locale) for one in found]
