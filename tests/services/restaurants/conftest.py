from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from tests.makers.restaurants import Chain, restaurant_chain


@pytest.fixture
async def chain(db: None, now: datetime) -> AsyncIterator[Chain]:
    async with restaurant_chain(now) as one:
        yield one
