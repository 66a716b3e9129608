"""TravelLine's requests as its contract has them, for what our adapter would never send."""

from copy import deepcopy
from typing import Any, Final

import httpx2

from tests.makers.travelline import IGORA

SEARCH: Final = f"/api/search/v1/properties/{IGORA}/room-stays"
DAYS: Final = {"arrivalDate": "2026-03-20", "departureDate": "2026-03-22", "adults": "2"}


async def booking_of(client: httpx2.AsyncClient, **changes: Any) -> dict[str, Any]:
    """A request as the contract asks for it, with changes by dotted path."""
    found = (await client.get(SEARCH, params=DAYS)).json()["roomStays"][0]
    placements = [{"code": place["code"]} for place in found["roomType"]["placements"]]
    guest = {"firstName": "Анна", "lastName": "Орлова"}
    contacts = {"phones": [{"phoneNumber": "+79000000001"}], "emails": [{"emailAddress": "anna@example.ru"}]}
    body: dict[str, Any] = {
        "propertyId": IGORA,
        "roomStays": [
            {
                "stayDates": found["stayDates"],
                "ratePlan": {"id": found["ratePlan"]["id"]},
                "roomType": {"id": found["roomType"]["id"], "placements": placements},
                "guests": [guest],
                "guestCount": {"adultCount": 2, "childAges": []},
                "checksum": found["checksum"],
            }
        ],
        "customer": guest | {"contacts": contacts},
    }
    for path, value in changes.items():
        *way, last = path.split("__")
        target: Any = body
        for step in way:
            target = target[int(step)] if step.isdigit() else target[step]
        if value is None:
            del target[last]
        else:
            target[last] = value
    return {"booking": body}


async def verified(client: httpx2.AsyncClient) -> dict[str, Any]:
    """A verified booking, as it is sent to be made."""
    asked = await booking_of(client)
    told = (await client.post("/api/reservation/v2/bookings/verify", json=asked)).json()["booking"]
    body = deepcopy(asked["booking"])
    body["roomStays"][0]["checksum"] = told["roomStays"][0]["checksum"]
    ready: dict[str, Any] = body | {"createBookingToken": told["createBookingToken"], "guarantee": {"id": "g-1"}}
    return ready
