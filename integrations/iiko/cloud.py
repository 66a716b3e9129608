"""iikoCloud behind the port of restaurants' clouds. What is unverified of its contract: docs/iiko.md."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from integrations.calling import VendorRefused
from integrations.iiko import reading
from integrations.iiko.calling import Connection
from integrations.restaurants import (
    Changes,
    DiscountKind,
    Dish,
    Guest,
    Hint,
    Hook,
    NoGuests,
    OrderKind,
    Place,
    Restaurant,
    ToldOrder,
    TooOld,
)

GroupField = Literal["groupId", "parentGroup"]
HOOK_PATH: Final = "/hooks/iiko"
"""Where the cloud posts events."""
IDS_MAX: Final = 200
ENDED: Final = {OrderKind.TABLE: ("Closed", "Deleted"), OrderKind.DELIVERY: ("Closed", "Cancelled")}
# The code stands in one of two fields of a refusal; which one is not known.
_NO_LOYALTY: Final = ("Transport_WrongCrmId", "Common_OrganizationNotFound")
_NOBODY: Final = ("Validation_IncorrectPhone", "Transport_WrongCustomerId")
_MANNER: Final = "%Y-%m-%d %H:%M:%S.000"


class IikoCloud:
    """One API key. `group` is the field of a product that holds its menu group.

    `sees_tills`: whether the cloud tells of orders that cashiers took, which is not known of every restaurant.
    """

    name = "iiko"

    def __init__(self, connection: Connection, *, group: GroupField = "groupId", sees_tills: bool = False) -> None:
        self.sees_tills = sees_tills
        self._connection = connection
        self._group: GroupField = group

    async def restaurants(self) -> Sequence[Restaurant]:
        """The organizations that our key may see."""
        body = await self._connection.read("dictionaries", "1/organizations", {})
        return [
            Restaurant(reading.needed_id(row.get("id")), str(row.get("name") or "—")[: reading.NAME_MAX])
            for row in reading.rows(body.get("organizations"))
        ]

    async def places(self, restaurants: Sequence[UUID]) -> Sequence[Place]:
        """Their terminal groups, those that sleep too: a group that this key was not granted hides without it."""
        asked = {"organizationIds": _ids(restaurants), "includeDisabled": True}
        body = await self._connection.read("dictionaries", "1/terminal_groups", asked)
        found: dict[UUID, Place] = {}
        for part in ("terminalGroups", "terminalGroupsInSleep"):
            for house in reading.rows(body.get(part)):
                for row in reading.rows(house.get("items")):
                    one, inside = reading.needed_id(row.get("id")), reading.needed_id(row.get("organizationId"))
                    found[one] = Place(one, inside, str(row.get("name") or "—")[: reading.NAME_MAX])
        return list(found.values())

    async def discounts(self, restaurant: UUID) -> Sequence[DiscountKind]:
        """The discount types in use."""
        body = await self._connection.read("dictionaries", "1/discounts", {"organizationIds": [str(restaurant)]})
        return [
            DiscountKind(
                reading.needed_id(row.get("id")),
                str(row.get("name") or "—")[: reading.NAME_MAX],
                is_free_sum=row.get("mode") == "FlexibleSum" and row.get("isManual") is True,
            )
            for house in reading.rows(body.get("discounts"))
            for row in reading.rows(house.get("items"))
            if row.get("isDeleted") is not True
        ]

    async def menu(self, restaurant: UUID) -> Sequence[Dish]:
        """Every product of the nomenclature with its group."""
        body = await self._connection.read("menu", "1/nomenclature", {"organizationId": str(restaurant)})
        names = {
            str(row.get("id")): str(row.get("name") or "")[: reading.NAME_MAX]
            for row in reading.rows(body.get("groups"))
        }
        return [
            reading.dish_of(row, names, group=self._group)
            for row in reading.rows(body.get("products"))
            if row.get("isDeleted") is not True
        ]

    async def tables(self, places: Sequence[UUID]) -> Sequence[UUID]:
        """The tables of terminal groups."""
        asked = {"terminalGroupIds": _ids(places)}
        body = await self._connection.read("dictionaries", "1/reserve/available_restaurant_sections", asked)
        return [
            reading.needed_id(row.get("id"))
            for section in reading.rows(body.get("restaurantSections"))
            for row in reading.rows(section.get("tables"))
            if row.get("isDeleted") is not True
        ]

    async def orders(
        self, restaurant: UUID, kind: OrderKind, ids: Sequence[UUID], *, of_till: bool = False
    ) -> Sequence[ToldOrder]:
        """Orders as they stand, two hundred a call."""
        found: list[ToldOrder] = []
        for start in range(0, len(ids), IDS_MAX):
            asked: dict[str, Any] = {"posOrderIds" if of_till else "orderIds": _ids(ids[start : start + IDS_MAX])}
            if kind is OrderKind.TABLE:
                body = await self._connection.read(
                    "orders", "1/order/by_id", asked | {"organizationIds": [str(restaurant)]}
                )
            else:
                body = await self._connection.read(
                    "orders", "1/deliveries/by_id", asked | {"organizationId": str(restaurant)}
                )
            found += reading.orders_of(body.get("orders"), kind)
        return found

    async def changed(self, restaurants: Sequence[UUID], mark: int) -> Changes:
        """Deliveries that changed after a revision. It may lie three hours back; how an older one is refused is not told."""
        asked = {"startRevision": mark, "organizationIds": _ids(restaurants)}
        try:
            body = await self._connection.read("revision", "1/deliveries/by_revision", asked)
        except VendorRefused as refused:
            raise TooOld(str(refused)) from None
        return _changes(body)

    async def deliveries(self, restaurant: UUID, first: datetime, last: datetime) -> Changes:
        """Deliveries of a span of days; the cloud refuses a week at once."""
        asked = {
            "organizationIds": [str(restaurant)],
            "deliveryDateFrom": first.strftime(_MANNER),
            "deliveryDateTo": last.strftime(_MANNER),
            "statuses": list(ENDED[OrderKind.DELIVERY]),
        }
        return _changes(await self._connection.read("orders", "1/deliveries/by_delivery_date_and_status", asked))

    async def at_tables(
        self, restaurant: UUID, tables: Sequence[UUID], first: datetime, last: datetime
    ) -> Sequence[ToldOrder]:
        """Ended orders of tables by the moment they were opened at."""
        found: list[ToldOrder] = []
        for start in range(0, len(tables), IDS_MAX):
            asked = {
                "organizationIds": [str(restaurant)],
                "tableIds": _ids(tables[start : start + IDS_MAX]),
                "statuses": list(ENDED[OrderKind.TABLE]),
                "dateFrom": first.strftime(_MANNER),
                "dateTo": last.strftime(_MANNER),
            }
            body = await self._connection.read("orders", "1/order/by_table", asked)
            found += reading.orders_of(body.get("orders"), OrderKind.TABLE)
        return found

    async def hook(self, restaurant: UUID) -> Hook | None:
        """Where this organization's events go now."""
        body = await self._connection.read("settings", "1/webhooks/settings", {"organizationId": str(restaurant)})
        url, key = body.get("webHooksUri"), body.get("authToken")
        return Hook(str(url), None if key is None else str(key)) if url else None

    async def set_hook(self, restaurant: UUID, hook: Hook) -> None:
        """Have ended orders told to us."""
        orders: dict[str, Any] = {"itemStatuses": [], "errors": False}
        asked = {
            "organizationId": str(restaurant),
            "webHooksUri": hook.url,
            "authToken": hook.key,
            "webHooksFilter": {
                "deliveryOrderFilter": orders
                | {"orderStatuses": list(ENDED[OrderKind.DELIVERY]), "returnedExternalDataKeys": []},
                "tableOrderFilter": orders | {"orderStatuses": list(ENDED[OrderKind.TABLE])},
            },
        }
        await self._connection.write("settings", "1/webhooks/update_settings", asked)

    async def guest(self, restaurant: UUID, phone: str) -> UUID | None:
        """The guest of a phone. One that is not there is a refusal, alike to that of a malformed phone."""
        asked = {"organizationId": str(restaurant), "type": "phone", "phone": phone}
        try:
            body = await self._connection.read("guests", "1/loyalty/iiko/customer/info", asked)
        except VendorRefused as refused:
            if _says(refused, _NO_LOYALTY):
                raise NoGuests(str(refused)) from None
            if _says(refused, _NOBODY):
                return None
            raise
        return reading.uuid_of(body.get("id"))

    async def put_guest(self, restaurant: UUID, guest: Guest, known: UUID | None) -> UUID:
        """Make or change a guest. An id of ours would be refused, so it goes with the facts that nobody else reads."""
        facts = {
            "organizationId": str(restaurant),
            "id": None if known is None else str(known),
            "phone": guest.phone,
            "name": guest.first_name,
            "surName": guest.last_name,
            "middleName": guest.patronymic,
            "userData": f"kunak:{guest.own_id}",
            "shouldReceivePromoActionsInfo": False,
            "shouldReceiveLoyaltyInfo": False,
        }
        asked = {name: value for name, value in facts.items() if value is not None}
        try:
            body = await self._connection.write("guests", "1/loyalty/iiko/customer/create_or_update", asked)
        except VendorRefused as refused:
            if _says(refused, _NO_LOYALTY):
                raise NoGuests(str(refused)) from None
            raise
        return reading.needed_id(body.get("id"))

    def read_hook(self, body: bytes) -> Sequence[Hint]:
        """What the events of a body point at."""
        return reading.hints_of(body)


def _changes(body: dict[str, Any]) -> Changes:
    mark = body.get("maxRevision")
    if not isinstance(mark, int) or isinstance(mark, bool):
        raise reading.Odd("changes without a revision")
    found = [
        order
        for house in reading.rows(body.get("ordersByOrganizations"))
        for order in reading.orders_of(house.get("orders"), OrderKind.DELIVERY)
    ]
    return Changes(mark, tuple(found))


def _ids(ids: Sequence[UUID]) -> list[str]:
    return [str(one) for one in ids]


def _says(refused: VendorRefused, words: tuple[str, ...]) -> bool:
    return any(word in refused.said for word in words)
