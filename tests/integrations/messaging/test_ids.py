"""The gateways' stand-ins number messages as gateways do: an id is given once, whatever was started anew."""

from datetime import datetime, timedelta

from integrations.standins.messaging.exchange import Exchange
from loyalty.messages import Channel


def test_a_gateway_that_is_started_anew_gives_no_id_twice(now: datetime) -> None:
    """A demo keeps its database: an id of yesterday was refused there, and the message stayed half told."""
    ids = [
        exchange.catch(channel=Channel.SMS, sender="KUNAK", to="79210000001", text="Код 4821").id
        for exchange in (Exchange("smsaero", lambda: now), Exchange("smsaero", lambda: now + timedelta(minutes=1)))
        for _ in range(10)
    ]
    assert len(set(ids)) == len(ids)
