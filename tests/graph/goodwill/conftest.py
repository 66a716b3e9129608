"""The panel of the staff and a phone of a member, in a programme with points that are given by hand."""

from datetime import datetime
from pathlib import Path

import pytest

from loyalty.programme import Programme
from tests.graph.staff.conftest import panel
from tests.makers.points import apply_points
from tests.services.goodwill.test_points_by_hand import TERMS

__all__ = ["panel", "programme"]


@pytest.fixture
async def programme(db: None, now: datetime, tmp_path: Path) -> Programme:
    return await apply_points(tmp_path, now, TERMS)
