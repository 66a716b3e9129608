"""A day's money for texts asks for a price of every gateway: what has none would go past it uncounted."""

import pytest

from api.messaging import Incomplete, open_gateways
from api.settings import Settings
from tests.makers.mail import RememberingMailer

GIVEN = {
    "KUNAK_SMS_GATEWAYS": "smsc",
    "KUNAK_SMSC_KEY": "key",
    "KUNAK_SMSC_SENDER": "Kunak",
    "KUNAK_MESSAGES_PER_DAY_KOPECKS": "100000",
}


@pytest.mark.parametrize("prices", ["", "smsaero:SMS=520", "smsc:SMS:+375=1500"])
async def test_a_budget_wants_a_price_of_every_gateway(prices: str) -> None:
    """A-227: nothing starts with a budget that counts nothing, or only texts to one country."""
    settings = Settings.load(GIVEN | ({"KUNAK_MESSAGE_PRICES": prices} if prices else {}))
    with pytest.raises(Incomplete, match="lacks smsc:SMS"):
        async with open_gateways(settings, RememberingMailer()):
            pass


@pytest.mark.parametrize("more", [{"KUNAK_MESSAGE_PRICES": "smsc:SMS=520"}, {"KUNAK_MESSAGES_PER_DAY_KOPECKS": "0"}])
async def test_with_a_price_or_without_a_budget_it_starts(more: dict[str, str]) -> None:
    async with open_gateways(Settings.load(GIVEN | more), RememberingMailer()) as gateways:
        assert gateways is not None
