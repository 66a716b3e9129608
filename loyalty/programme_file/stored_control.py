"""What a programme watches for as plain data and back."""

from collections.abc import Mapping
from typing import Any

from loyalty.control import NOTHING, Control, Limit, LimitOf, Metric, RefundAfterSpend, Response, SpentAtOnce


def control_data(control: Control) -> dict[str, Any]:
    """The section as it is kept with a version; nothing where nothing is watched, as it was before there was one."""
    if control == NOTHING:
        return {}
    spent, hasty = control.refund_after_spend, control.spent_at_once
    return {
        "control": {
            "limits": [
                [limit.of.value, limit.metric.value, limit.most, limit.minutes, limit.then.value]
                for limit in control.limits
            ],
            "own_card": None if control.own_card is None else control.own_card.value,
            "distant_minutes": control.distant_minutes,
            "refund_after_spend": None if spent is None else [spent.points, spent.minutes],
            "cards_on_device": control.cards_on_device,
            **({} if hasty is None else {"spent_at_once": [hasty.points, hasty.minutes]}),
        }
    }


def read_control_data(data: Mapping[str, Any]) -> Control:
    """The section of a version row."""
    kept = data.get("control")
    if kept is None:
        return NOTHING
    spent, hasty = kept["refund_after_spend"], kept.get("spent_at_once")
    return Control(
        limits=tuple(
            Limit(LimitOf(of), Metric(metric), most, minutes, Response(then))
            for of, metric, most, minutes, then in kept["limits"]
        ),
        own_card=None if kept["own_card"] is None else Response(kept["own_card"]),
        distant_minutes=kept["distant_minutes"],
        refund_after_spend=None if spent is None else RefundAfterSpend(*spent),
        cards_on_device=kept["cards_on_device"],
        spent_at_once=None if hasty is None else SpentAtOnce(*hasty),
    )
