"""What is asked of directories and orders, answered from the chain."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.standins.iiko_cloud import telling
from integrations.standins.iiko_cloud.venue import Chain, Kind, Order, Organization, id_of
from integrations.standins.iiko_cloud.wanted import Wrong, moment_of

WINDOW_MAX: Final = timedelta(days=7)
Body = Mapping[str, Any]


def named(chain: Chain, ids: Iterable[str]) -> list[Organization]:
    """The organizations of ids. One that this key may not see is refused."""
    found = [chain.organizations.get(one) for one in ids]
    if not found or None in found:
        raise Wrong("Organization is not found or is not allowed for this ApiLogin")
    return [one for one in found if one is not None]


def organizations(chain: Chain, body: Body) -> dict[str, Any]:
    """All that the key sees."""
    wanted = body.get("organizationIds")
    found = list(chain.organizations.values()) if wanted is None else named(chain, wanted)
    return {"organizations": [telling.organization(one, full=bool(body.get("returnAdditionalInfo"))) for one in found]}


def groups(chain: Chain, body: Body) -> dict[str, Any]:
    """Terminal groups: a list of lists, and those that sleep."""
    told = [
        {
            "organizationId": one.id,
            "items": [
                {"id": one.group, "organizationId": one.id, "name": one.name, "address": None, "timeZone": one.zone}
            ],
        }
        for one in named(chain, body["organizationIds"])
    ]
    return {"terminalGroups": told, "terminalGroupsInSleep": []}


def sections(chain: Chain, body: Body) -> dict[str, Any]:
    """The tables of terminal groups."""
    fitting = [one for one in chain.organizations.values() if one.group in body["terminalGroupIds"]]
    told = [
        {
            "id": one.group,
            "terminalGroupId": one.group,
            "name": "Зал",
            "tables": [
                {
                    "id": table,
                    "number": place,
                    "name": str(place),
                    "seatingCapacity": 4,
                    "revision": 1,
                    "isDeleted": False,
                }
                for place, table in enumerate(one.tables, 1)
            ],
        }
        for one in fitting
    ]
    return {"restaurantSections": told, "revision": 1}


def discounts(chain: Chain, body: Body) -> dict[str, Any]:
    """Discount types."""
    return {
        "discounts": [
            {"organizationId": one.id, "items": [telling.discount(each) for each in one.discounts]}
            for one in named(chain, body["organizationIds"])
        ]
    }


def menu(chain: Chain, body: Body) -> dict[str, Any]:
    """The nomenclature."""
    (one,) = named(chain, [body["organizationId"]])
    kinds = sorted({product.group for product in one.menu})
    known = {id_of("group", word): name for word, name in telling.GROUP_NAMES.items()}
    return {
        "groups": [
            {"id": kind, "name": known[kind], "order": 0, "isIncludedInMenu": True, "isGroupModifier": False}
            for kind in kinds
        ],
        "productCategories": [],
        "products": [telling.product(product) for product in one.menu],
        "sizes": [],
        "revision": 1,
    }


def by_id(chain: Chain, body: Body, kind: Kind) -> dict[str, Any]:
    """Orders by their ids, or by those of the till: exactly one of the two."""
    wanted = body.get("organizationIds") or [body.get("organizationId")]
    inside = {one.id for one in named(chain, wanted)}
    ids, pos = body.get("orderIds"), body.get("posOrderIds")
    if (ids is None) == (pos is None):
        raise Wrong("Exactly one of orderIds and posOrderIds is required")
    found = [
        one
        for one in chain.orders.values()
        if one.kind == kind and one.organization.id in inside and (one.id in (ids or ()) or one.pos in (pos or ()))
    ]
    return {"orders": [telling.order(one) for one in found]}


def by_table(chain: Chain, body: Body) -> dict[str, Any]:
    """Orders of tables, by the local moment they were opened at."""
    inside = {one.id for one in named(chain, body["organizationIds"])}
    if not body["tableIds"]:
        raise Wrong("The field tableIds is empty")
    found = [
        one
        for one in chain.orders.values()
        if one.kind == "table"
        and one.organization.id in inside
        and one.organization.tables[0] in body["tableIds"]
        and _is_wanted(one, body, one.created, "dateFrom", "dateTo")
    ]
    return {"orders": [telling.order(one) for one in found]}


def by_revision(chain: Chain, body: Body) -> dict[str, Any]:
    """Deliveries that changed after a revision, which may lie three hours back."""
    wanted = named(chain, body["organizationIds"])
    if chain.is_too_old(body["startRevision"]):
        raise Wrong("startRevision is too old", code="REVISION_TOO_OLD")
    return _by_organization(chain, wanted, lambda one: one.revision > body["startRevision"])


def by_date(chain: Chain, body: Body) -> dict[str, Any]:
    """Deliveries of days. A long window is refused."""
    wanted = named(chain, body["organizationIds"])
    if (
        body.get("deliveryDateTo")
        and moment_of(body["deliveryDateTo"]) - moment_of(body["deliveryDateFrom"]) > WINDOW_MAX
    ):
        raise Wrong("TOO_MANY_DATA_REQUESTED", status=422, code="TOO_MANY_DATA_REQUESTED")

    def fits(one: Order) -> bool:
        return _is_wanted(one, body, one.closed or one.created, "deliveryDateFrom", "deliveryDateTo")

    return _by_organization(chain, wanted, fits)


def _by_organization(chain: Chain, wanted: list[Organization], fits: Any) -> dict[str, Any]:
    rows = [
        {
            "organizationId": house.id,
            "orders": [
                telling.order(one)
                for one in sorted(chain.orders.values(), key=lambda each: each.revision)
                if one.kind == "delivery" and one.organization is house and fits(one)
            ],
        }
        for house in wanted
    ]
    return {"maxRevision": chain.revision, "ordersByOrganizations": rows}


def _is_wanted(one: Order, body: Body, at: datetime, first: str, last: str) -> bool:
    local = at.astimezone(ZoneInfo(one.organization.zone)).replace(tzinfo=None)
    begins = moment_of(body[first]) if body.get(first) else datetime.min.replace(tzinfo=UTC).replace(tzinfo=None)
    ends = moment_of(body[last]) if body.get(last) else datetime.max.replace(tzinfo=UTC).replace(tzinfo=None)
    return begins <= local <= ends and (not body.get("statuses") or one.status in body["statuses"])
