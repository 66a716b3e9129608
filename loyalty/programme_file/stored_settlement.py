"""How partners settle, as plain data and back; nothing where nothing is said, so that others are kept as ever."""

from collections.abc import Mapping
from typing import Any

from loyalty.settlement import PartnerTerms, SettlementMode, SettlementTerms


def settlement_data(terms: SettlementTerms | None) -> dict[str, Any]:
    """The programme's part of a version row."""
    if terms is None:
        return {}
    return {
        "settlement": {
            "mode": terms.mode.value,
            "price": terms.price,
            "close_after_days": terms.close_after_days,
        }
    }


def read_settlement_data(data: Mapping[str, Any]) -> SettlementTerms | None:
    """The terms of a version row."""
    kept = data.get("settlement")
    return (
        None if kept is None else SettlementTerms(SettlementMode(kept["mode"]), kept["price"], kept["close_after_days"])
    )


def partner_settlement_data(terms: PartnerTerms | None) -> dict[str, Any]:
    """A partner's part of a version row."""
    if terms is None:
        return {}
    kept = {"mode": None if terms.mode is None else terms.mode.value, "price": terms.price}
    return {"settlement": kept if terms.deposit is None else kept | {"deposit": terms.deposit}}


def read_partner_settlement_data(data: Mapping[str, Any]) -> PartnerTerms | None:
    """The terms of a partner of a version row."""
    kept = data.get("settlement")
    if kept is None:
        return None
    mode = None if kept["mode"] is None else SettlementMode(kept["mode"])
    return PartnerTerms(mode, kept["price"], kept.get("deposit"))
