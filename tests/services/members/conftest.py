"""A programme in force and the resources of a process, for everything about members."""

from datetime import datetime

import pytest

from loyalty.programme import Programme
from services.resources import Resources
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources


@pytest.fixture
async def programme(db: None, now: datetime) -> Programme:
    return await make_programme(now)


@pytest.fixture
def resources(programme: Programme) -> Resources:
    # Limits per address have tests of their own; here a hundred people knock from one.
    return make_resources(joins_per_ip_hour=10_000, sign_in_per_ip_minute=10_000, reset_per_ip_hour=10_000)
