"""A programme in force and the resources of a process, for everything about the staff."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from loyalty.programme import Programme
from services.passwords import Hasher
from services.resources import Resources
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources


@pytest.fixture
async def programme(db: None, now: datetime) -> Programme:
    return await make_programme(now)


@pytest.fixture
def resources(programme: Programme) -> Resources:
    # Limits per address have tests of their own; here many knock from one, on a machine that may be slow.
    limits: dict[str, Any] = {"sign_in_per_ip_minute": 10_000, "reset_per_ip_hour": 10_000}
    return replace(make_resources(**limits), hasher=patient_hasher())


@cache
def patient_hasher() -> Hasher:
    return Hasher(seconds=60)
