"""The people of the demo's panel: invited, enrolled and entered by the same steps as real ones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp

from api.demo.keys import Keys
from api.demo.scene import Scene
from services.callers import Caller
from services.resources import Resources
from services.staff import enrolling, operating
from services.staff.inviting import Form


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the panel: who, with which role, at which partner or for the whole programme."""

    login: str
    name: str
    role: str
    partner: str | None = None

    @property
    def scope(self) -> str:
        """Where the role holds."""
        return self.partner or "programme"


def colleagues(scene: Scene) -> tuple[Colleague, ...]:
    """Who works with the panel of a demo: two owners, since rights 1 and 2 take two, a partner's manager, an analyst."""
    partner = scene.places[0].partner
    return (
        Colleague("owner@example.ru", "Вера Озерова", "owner"),
        Colleague("second.owner@example.ru", "Глеб Скалов", "owner"),
        Colleague(f"{partner}@example.ru", "Инга Снегова", "partner-manager", partner),
        Colleague("analyst@example.ru", "Артём Числов", "analyst"),
    )


async def hire(resources: Resources, scene: Scene, keys: Keys, now: datetime) -> None:
    """Add everybody, choose their passwords and enrol their second factors, all of it in the past."""
    caller = Caller(address="127.0.0.1", agent="demo")
    for one in colleagues(scene):
        form = Form(email=one.login, name=one.name, partner=one.partner)
        opened = await operating.add(form, one.role, resources=resources, now=now)
        token, password = opened.link.partition("?token=")[2], keys.staff_password(one.login)
        begun = await enrolling.start(token, password, caller=caller, resources=resources, now=now)
        keys.keep_totp(one.login, begun.secret)
        code = pyotp.TOTP(begun.secret).at(now)
        await enrolling.confirm(begun.token, code, caller=caller, resources=resources, now=now)


def told(scene: Scene, keys: Keys) -> list[dict[str, Any]]:
    """What the demo tells of them: with which address, password and secret of the second factor one enters."""
    return [
        {
            "login": one.login,
            "password": keys.staff_password(one.login),
            "totp": keys.totp(one.login),
            "role": one.role,
            "scope": one.scope,
        }
        for one in colleagues(scene)
    ]
