"""The campaigns of a programme file: what they ask for and give, checked against the programme they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from loyalty.money import PERCENT_WHOLE
from loyalty.programme import Partner, Tier
from loyalty.programme_file import shapes
from loyalty.programme_file.conditions import Around, read_conditions
from loyalty.programme_file.findings import Findings
from loyalty.programme_file.reading import Fields, fields_of, misspelt, percent_of, words_of
from loyalty.promotions.campaigns import (
    Amount,
    Budget,
    Campaign,
    Caps,
    Choice,
    Effect,
    FreeItem,
    GiftPoints,
    OnReturn,
    Percent,
    PointsTimes,
    Promotions,
    TierBoost,
)

PRIORITY_MAX: Final = 1000
COUNT_MAX: Final = 999_999_999
FREE_MAX: Final = 100
TIMES_MAX: Final = 100 * PERCENT_WHOLE
CAMPAIGNS_MAX: Final = 500
BOOST_DAYS_MAX: Final = 3650


@dataclass(frozen=True, slots=True)
class Known:
    """What campaigns may name."""

    tiers: tuple[Tier, ...]
    partners: tuple[Partner, ...]
    has_points: bool


def read_promotions(fields: Fields, known: Known) -> Promotions | None:
    """The section `promotions`; None where the programme has none, or where it cannot be read at all."""
    if not fields.has("promotions"):
        return None
    entry = fields_of(fields.by_key["promotions"], "promotions", shapes.PROMOTIONS, fields.findings)
    if entry is None:
        return None
    groups = _groups(entry)
    campaigns: dict[str, Campaign] = {}
    nodes = entry.entries("campaigns", "[{id: some-campaign, name: …, gives: {percent: 10}}]")
    for place, node in enumerate(nodes, 1):
        one = fields_of(node, f"campaign {place}", shapes.CAMPAIGN, fields.findings)
        campaign = None if one is None else _campaign(one, known, groups)
        if one is None or campaign is None:
            continue
        if campaign.id in campaigns:
            one.wrong("id", "this slug is already a campaign.", "give each campaign a slug of its own.")
        campaigns[campaign.id] = campaign
    if len(nodes) > CAMPAIGNS_MAX:
        entry.wrong("campaigns", f"there are more than {CAMPAIGNS_MAX} campaigns.", "take out those that are over.")
    _notice_alone(entry, groups, campaigns)
    return Promotions(tuple(campaigns.values()), groups, _caps(entry), _excluded(entry, known))


def _campaign(entry: Fields, known: Known, groups: Mapping[str, Choice]) -> Campaign | None:
    slug, name = entry.slug(), entry.text("name")
    if slug is not None:
        entry.what = f'campaign "{slug}"'
    around = Around(known.tiers, known.partners)
    starts, ends = around.date_of(entry, "from"), around.date_of(entry, "to")
    if starts is not None and ends is not None and ends < starts:
        entry.wrong("to", "it would end before it begins.", f"write `to: {starts}` or later.")
    effect = _effect(entry, known)
    conditions = read_conditions(entry, around)
    if slug is None or name is None or effect is None or conditions is None:
        return None
    return Campaign(
        id=slug,
        name=name,
        conditions=conditions,
        effect=effect,
        starts=starts,
        ends=ends,
        priority=(entry.whole("priority", 0, PRIORITY_MAX) or 0) if entry.has("priority") else 0,
        group=_group(entry, groups),
        needs_code=bool(entry.flag("code")) if entry.has("code") else False,
        budget=_budget(entry, effect),
        uses_per_member=entry.whole("per_member", 1, COUNT_MAX) if entry.has("per_member") else None,
        holdout=_share(entry, "holdout") or 0,
        on_return=(entry.one_of("on_return", OnReturn) if entry.has("on_return") else None) or OnReturn.GIVE_BACK,
    )


def _effect(entry: Fields, known: Known) -> Effect | None:
    node = entry.needed("gives", "{percent: 10}")
    gives = None if node is None else fields_of(node, f"{entry.what}, gives", shapes.GIVES, entry.findings)
    if gives is None:
        return None
    written = [key for key in shapes.EFFECTS if gives.has(key)]
    if len(written) != 1:
        entry.wrong("gives", "a campaign gives exactly one thing.", f"keep one of: {', '.join(shapes.EFFECTS)}.")
        return None
    key = written[0]
    if key in {"points_times", "gift_points"} and not known.has_points:
        entry.wrong("gives", "the programme has no points.", "add the section `points`, or give something else.")
        return None
    if key != "tier" and gives.has("days"):
        gives.wrong("days", "only a tier is given for days.", "take it out, or write `tier` beside it.")
        return None
    effect = _boost(gives, known) if key == "tier" else _effect_of(gives, key)
    if effect in (Percent(0), Amount(0)):
        entry.wrong("gives", "a campaign that gives nothing is no campaign.", f"write more than 0 for `{key}`.")
        return None
    return effect


def _effect_of(gives: Fields, key: str) -> Effect | None:
    if key == "percent":
        share = _share(gives, key)
        return None if share is None else Percent(share)
    if key == "amount":
        kopecks = gives.money(key)
        return None if kopecks is None else Amount(kopecks)
    if key == "points_times":
        return _times(gives)
    count = gives.whole(key, 1, FREE_MAX if key == "free_items" else COUNT_MAX)
    if count is None:
        return None
    return FreeItem(count) if key == "free_items" else GiftPoints(count)


def _boost(gives: Fields, known: Known) -> TierBoost | None:
    """A tier above the first one, which everybody has."""
    written, days = gives.scalar("tier", known.tiers[-1].id), gives.whole("days", 1, BOOST_DAYS_MAX)
    above = [tier.id for tier in known.tiers[1:]]
    if written is not None and written not in above:
        message = f'{gives.what}: there is no tier "{written[:60]}" above the first.'
        written = misspelt(written, above, above, message, gives.line_of("tier"), gives.findings)
    return None if written is None or days is None else TierBoost(written, days)


def _times(gives: Fields) -> PointsTimes | None:
    """A factor is written as people say it (`2`, `1.5`); money has the same two digits after the point."""
    hundredths = gives.money("points_times")
    if hundredths is None:
        return None
    factor = hundredths * (PERCENT_WHOLE // 100)
    if not PERCENT_WHOLE < factor <= TIMES_MAX:
        gives.wrong("points_times", "the factor is not above 1 and at most 100.", "write such as `points_times: 2`.")
        return None
    return PointsTimes(factor)


def _budget(entry: Fields, effect: Effect) -> Budget | None:
    if not entry.has("budget"):
        return None
    part = fields_of(entry.by_key["budget"], f"{entry.what}, budget", shapes.BUDGET, entry.findings)
    if part is None:
        return None
    is_money = isinstance(effect, Percent | Amount | FreeItem)
    if part.has("discount") and not is_money:
        part.wrong("discount", "the campaign gives no discount.", "bound it by `points` or `uses`.")
    if part.has("points") and not isinstance(effect, GiftPoints):
        part.wrong("points", "only gift points are known beforehand.", "bound it by `discount` or `uses`.")
    budget = Budget(
        part.money("discount") if part.has("discount") else None,
        part.whole("points", 1, COUNT_MAX) if part.has("points") else None,
        part.whole("uses", 1, COUNT_MAX) if part.has("uses") else None,
    )
    if budget == Budget():
        entry.wrong("budget", "the budget bounds nothing.", "write `budget: {discount: 100000}`, or leave it out.")
        return None
    return budget


def _groups(entry: Fields) -> dict[str, Choice]:
    if not entry.has("groups"):
        return {}
    groups: dict[str, Choice] = {}
    for place, node in enumerate(entry.entries("groups", "[{id: some-group, choose: BEST}]"), 1):
        group = fields_of(node, f"promotions, group {place}", shapes.GROUP, entry.findings)
        slug = None if group is None else group.slug()
        choice = None if group is None else group.one_of("choose", Choice)
        if group is None or slug is None or choice is None:
            continue
        if slug in groups:
            group.wrong("id", f'"{slug}" is already a group.', "name each group once.")
        groups[slug] = choice
    return groups


def _group(entry: Fields, groups: Mapping[str, Choice]) -> str | None:
    written = entry.scalar("group", "some-group") if entry.has("group") else None
    if written is None or written in groups:
        return written
    message = f'{entry.what}: there is no group "{written[:60]}".'
    return misspelt(written, groups, groups, message, entry.line_of("group"), entry.findings)


def _caps(entry: Fields) -> Caps:
    if not entry.has("max_discount"):
        return Caps()
    part = fields_of(entry.by_key["max_discount"], "promotions, max_discount", shapes.MAX_DISCOUNT, entry.findings)
    line, receipt = (None, None) if part is None else (_share(part, "line"), _share(part, "receipt"))
    return Caps(PERCENT_WHOLE if line is None else line, PERCENT_WHOLE if receipt is None else receipt)


def _excluded(entry: Fields, known: Known) -> frozenset[tuple[str, str]]:
    if not entry.has("excluded"):
        return frozenset()
    sold = {
        f"{partner.id}/{service.id}": (partner.id, service.id)
        for partner in known.partners
        for service in partner.services
    }
    found = set()
    for word in words_of(entry, "excluded", "[partner/service]"):
        meant = word.text
        if meant not in sold:
            message = f'promotions: no partner sells "{meant[:120]}".'
            meant = misspelt(meant, sold, _few(sold), message, word.line, entry.findings) or ""
        if meant:
            found.add(sold[meant])
    return frozenset(found)


def _few(sold: Mapping[str, object]) -> tuple[str, ...]:
    return (*tuple(sold)[:10], "…") if len(sold) > 10 else tuple(sold)  # noqa: PLR2004 - as many as one line shows


def _share(entry: Fields, key: str) -> int | None:
    return percent_of(entry, key, entry.by_key[key]) if entry.has(key) else None


def _notice_alone(entry: Fields, groups: Mapping[str, Choice], campaigns: Mapping[str, Campaign]) -> None:
    findings: Findings = entry.findings
    used = [campaign.group for campaign in campaigns.values()]
    for group in groups:
        if used.count(group) < 2:  # noqa: PLR2004 - one excludes nobody
            findings.notice(
                entry.line_of("groups"),
                f'promotions: fewer than two campaigns are in group "{group}".',
                "It excludes none.",
            )
