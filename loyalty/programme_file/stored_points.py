"""The points of a programme as plain data and back."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from loyalty.goodwill import GoodwillTerms
from loyalty.points import PointsTerms, Rounding, Unit
from loyalty.texts import Text

_FORMS: Final = ("name", "one", "few", "many")
_NEW_DEVICE: Final = "confirm_new_device_hours"
_PLAIN: Final = tuple(
    field.name
    for field in fields(PointsTerms)
    if field.name not in {"unit", "rounding", "tender_factors", "announce_days", "goodwill", _NEW_DEVICE}
)


def points_data(terms: PointsTerms) -> dict[str, Any]:
    """The terms as they are kept with a version."""
    forms = {form: getattr(terms.unit, form) for form in _FORMS}
    return {
        "unit": {form: [text.ru, text.en] for form, text in forms.items()},
        "rounding": terms.rounding.value,
        "tender_factors": [[kind, factor] for kind, factor in terms.tender_factors],
        **{name: getattr(terms, name) for name in _PLAIN},
        # Left out where there are none, so that content from before there could be any keeps its digest.
        **({"announce_days": list(terms.announce_days)} if terms.announce_days else {}),
        **({} if terms.confirm_new_device_hours is None else {_NEW_DEVICE: terms.confirm_new_device_hours}),
        **({} if terms.goodwill is None else {"goodwill": asdict(terms.goodwill)}),
    }


def read_points_data(data: Mapping[str, Any]) -> PointsTerms:
    """The terms of a version row."""
    return PointsTerms(
        unit=Unit(**{form: Text(*data["unit"][form]) for form in _FORMS}),
        rounding=Rounding(data["rounding"]),
        tender_factors=tuple((kind, factor) for kind, factor in data["tender_factors"]),
        announce_days=tuple(data.get("announce_days", ())),
        confirm_new_device_hours=data.get(_NEW_DEVICE),
        goodwill=GoodwillTerms(**data["goodwill"]) if "goodwill" in data else None,
        **{name: data[name] for name in _PLAIN},
    )
