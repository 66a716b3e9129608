"""Guests of iikoCard: found one by one, made without an id, changed by one."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from integrations.standins.iiko_cloud import telling
from integrations.standins.iiko_cloud.venue import Chain, Guest, Organization
from integrations.standins.iiko_cloud.wanted import Wrong

_PHONE: Final = re.compile(r"\+\d{8,40}")
_FACTS: Final = (
    "phone",
    "name",
    "middleName",
    "surName",
    "birthday",
    "email",
    "sex",
    "consentStatus",
    "userData",
    "comment",
)
_TYPES: Final = frozenset({"phone", "cardTrack", "cardNumber", "email", "id"})


def info(chain: Chain, organization: Organization, body: Mapping[str, Any], now: datetime, lag: int) -> dict[str, Any]:
    """One guest by phone or id; who is not there is a refusal, not an empty answer."""
    _has_loyalty(organization)
    kind = body["type"]
    if kind not in _TYPES or not isinstance(body.get(kind), str):
        raise Wrong("type and its field are required")
    found = chain.guests.get(body[kind]) if kind == "id" else chain.guest_of(body[kind]) if kind == "phone" else None
    if found is None and kind == "phone":
        raise Wrong("Incorrect phone", code="Validation_IncorrectPhone")
    if found is None or (kind == "id" and now - found.made < timedelta(seconds=lag)):
        raise Wrong("Wrong customer id", code="Transport_WrongCustomerId")
    return telling.guest(found)


def put(chain: Chain, organization: Organization, body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Make a guest, or change the one of an id or a phone. An id of one's own invention is refused."""
    _has_loyalty(organization)
    facts = {name: body[name] for name in _FACTS if body.get(name) not in {None, ""}}
    phone = facts.get("phone")
    if phone is not None and not _PHONE.fullmatch(str(phone)):
        raise Wrong("Incorrect phone", code="Validation_IncorrectPhone")
    if body.get("id"):
        guest = chain.guests.get(body["id"])
        if guest is None:
            raise Wrong("Login entry not found")
    elif phone is None:
        raise Wrong("One of id, phone or cardTrack is required")
    else:
        guest = chain.guest_of(str(phone)) or Guest(str(uuid4()), now, {})
    chain.guests[guest.id] = guest
    guest.facts.update(facts)
    return {"id": guest.id}


def _has_loyalty(organization: Organization) -> None:
    if not organization.has_loyalty:
        raise Wrong("There is no iikoCard for this organization", code="Transport_WrongCrmId")
