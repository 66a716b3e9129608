"""One demo for all journeys of a worker."""

from collections.abc import Iterator

import pytest

from tests.makers.demo import Demo, running_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo as a visitor starts it."""
    with running_demo(tmp_path_factory.mktemp("demo") / "var") as demo:
        yield demo
