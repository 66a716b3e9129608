"""Where a campaign stands: by its days, then by what its budget has left."""

from datetime import date, timedelta

from loyalty.promotions.occasion import NOTHING_USED, Used
from loyalty.promotions.standing import Standing, standing_of
from tests.makers.campaigns import with_campaigns

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
ONE = "id: one, name: Один, from: 2026-03-01, to: 2026-03-31, gives: {percent: 10}"


def test_a_campaign_stands_by_its_days_and_its_budget() -> None:
    """A-226: both days inclusive; each bound alone uses it up, and only while it would run."""
    promotions = with_campaigns(
        f"{ONE}, budget: {{discount: 100, uses: 5}}", "id: always, name: Всегда, gives: {percent: 1}"
    )
    assert promotions.promotions is not None
    one, always = (promotions.promotions.by_id[name] for name in ("one", "always"))
    day = timedelta(days=1)
    told = [standing_of(one, NOTHING_USED, when) for when in (FIRST - day, FIRST, LAST, LAST + day)]
    assert told == [Standing.COMING, Standing.RUNNING, Standing.RUNNING, Standing.OVER]
    assert standing_of(one, Used(discount=99_99, uses=4), LAST) is Standing.RUNNING
    assert standing_of(one, Used(discount=100_00), LAST) is Standing.USED_UP
    assert standing_of(one, Used(uses=5), LAST) is Standing.USED_UP
    assert standing_of(one, Used(uses=5), LAST + day) is Standing.OVER
    assert standing_of(always, Used(uses=10**9), LAST) is Standing.RUNNING
