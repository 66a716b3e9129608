"""A programme in force and the resources of a process."""

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
    return make_resources()
