"""C-17: the settings of a sandbox lead nowhere outside, whatever those of the house beside it say."""

from dataclasses import replace

from api.sandbox.opening import inside
from api.settings import Settings


def test_no_setting_of_a_sandbox_leads_outside() -> None:
    house = replace(
        Settings(database_url="postgresql://house/kunak"),
        redis_url="redis://cache",
        smtp_url="smtp://relay",
        sms_gateways=("smsaero",),
        travelline_client_id="id",
        travelline_client_secret="secret",
        travelline_api_key="key",
    )
    assert house.books_hotels
    there = inside(house)
    assert not there.books_hotels
    assert (there.redis_url, there.smtp_url, there.travelline_api_key) == (None, None, None)
    assert there.sms_gateways != house.sms_gateways
    assert there.database_url != house.database_url
