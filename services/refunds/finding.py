"""Which receipt a till means: by its id, or by number and day. Another partner's receipts are not there."""

from datetime import date
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.shops import CHANNEL
from models import database, history
from models.history import PurchaseFacts
from services.tills import TillFacts

_OF_SHOP: Final = """
SELECT EXISTS (SELECT 1 FROM shop_order AS o JOIN purchase AS p ON p.id = o.id WHERE o.id = $1 AND p.till_id <> $2)
"""


async def find_receipt(
    till: TillFacts, *, number: str | None, business_date: date | None, purchase: UUID | None = None
) -> PurchaseFacts:
    """The receipt a till names. Raises NOT_FOUND, or AMBIGUOUS_RECEIPT when number and day fit several.

    Without a day the number must be unique at the till's own outlet; with one, the till's own outlet goes first and any
    other outlet of the partner after it.
    """
    if purchase is not None:
        found = await history.of_partner(till.partner, purchase)
        if found is None or (number is not None and found.receipt_number != number):
            raise not_found("input.purchase")
        return found
    if number is None:
        raise Refusal(Code.INVALID_INPUT, "refund.which", field="input.receiptNumber")
    fitting = await history.receipts(till.partner, number, business_date)
    here = [receipt for receipt, outlet in fitting if outlet == till.outlet]
    if not here and business_date is not None:
        here = [receipt for receipt, _ in fitting]
    if not here:
        raise not_found("input.receiptNumber")
    if len(here) > 1:
        raise Refusal(Code.AMBIGUOUS_RECEIPT, "refund.ambiguous", field="input.businessDate")
    return await history.any_purchase(here[0])


async def check_not_of_shop(till: TillFacts, receipt: PurchaseFacts) -> None:
    """Raise CHANNEL_NOT_ALLOWED for an order of the programme's shop: the guest returns its vouchers, and gets the money.

    The shop's own till, whose key nobody has, writes that return.
    """
    if receipt.channel == CHANNEL and await database.fetchval(_OF_SHOP, receipt.id, till.id):
        raise Refusal(Code.CHANNEL_NOT_ALLOWED, "refund.of_shop", field="input")


def not_found(field: str) -> Refusal:
    """The refusal of a receipt that the till's partner has not posted."""
    return Refusal(Code.NOT_FOUND, "refund.receipt_unknown", field=field)
