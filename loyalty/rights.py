"""The closed table of the staff's rights (A-090..A-112 and six new ones), and the roles an installation starts with."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias

from loyalty.scopes import Access, Scope, ScopeKind
from loyalty.texts import Text


class RightGroup(StrEnum):
    """The groups of the table, in the order they are shown."""

    STAFF = "STAFF"
    PARTNERS = "PARTNERS"
    MEMBERS = "MEMBERS"
    OPERATIONS = "OPERATIONS"
    CONTENT = "CONTENT"
    SYSTEM = "SYSTEM"


GROUP_NAMES: Final[Mapping[RightGroup, Text]] = {
    RightGroup.STAFF: Text("Администраторы", "Administrators"),
    RightGroup.PARTNERS: Text("Партнёры", "Partners"),
    RightGroup.MEMBERS: Text("Участники и карты", "Members and cards"),
    RightGroup.OPERATIONS: Text("Операции и аналитика", "Operations and analytics"),
    RightGroup.CONTENT: Text("Контент и маркетинг", "Content and marketing"),
    RightGroup.SYSTEM: Text("Система", "System"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """One right. `number` is its place in the seed's list of 23; `needs_two`: a second holder approves its granting."""

    code: str
    number: int | None
    name: Text
    group: RightGroup
    scopes: tuple[ScopeKind, ...]
    requires: tuple[str, ...] = ()
    needs_two: bool = False


_WHOLE: Final = (ScopeKind.PROGRAMME,)
_HOME: Final = (ScopeKind.PROGRAMME, ScopeKind.PARTNER)
_PLACE: Final = (*_HOME, ScopeKind.OUTLET)
_ANY: Final = tuple(ScopeKind)
# (code, the seed's own words, in English, how wide it may be held, what it stands on), in the seed's order.
_Row: TypeAlias = tuple[str, str, str, tuple[ScopeKind, ...], tuple[str, ...]]
_CARDS: Final = ("card.view",)
_SEEDED: Final[tuple[_Row, ...]] = (
    ("admin.manage", "Управление админами", "Manage administrators", _HOME, ()),
    (
        "grant.manage",
        "Управление правами доступа админов",
        "Manage administrators' rights",
        _HOME,
        ("admin.manage",),
    ),
    ("partner.manage", "Управление активами", "Manage partners", _HOME, ()),
    ("pos.manage", "Управление точками продаж", "Manage points of sale", _PLACE, ()),
    ("card.view", "Просмотр карт", "View cards", _ANY, ()),
    ("card.archive.view", "Доступ к золотым (архивным) картам", "See gold (archived) cards", _ANY, _CARDS),
    ("card.export", "Скачивание карт в CSV", "Download cards as CSV", _HOME, _CARDS),
    ("card.stats.view", "Просмотр статистики карт", "View card statistics", _PLACE, ()),
    ("card.manage", "Управление картами", "Manage cards", _PLACE, _CARDS),
    (
        "card.save_incomplete",
        "Сохранение карт без обязательных полей",
        "Save cards without required fields",
        _PLACE,
        ("card.manage",),
    ),
    ("card.log.view", "Просмотр логов карт", "View card logs", _PLACE, _CARDS),
    ("operation.view", "Просмотр операций", "View operations", _ANY, ()),
    ("operation.manage", "Управление операциями", "Manage operations", _ANY, ("operation.view",)),
    ("analytics.view", "Просмотр аналитики", "View analytics", _PLACE, ()),
    ("faq.manage", "Управление FAQ", "Manage the FAQ", _WHOLE, ()),
    ("user.manage", "Управление пользователями", "Manage users", _WHOLE, _CARDS),
    ("settings.manage", "Управление настройками", "Manage settings", _WHOLE, ()),
    ("wiki.manage", "Управление Wiki", "Manage the wiki", _WHOLE, ()),
    ("plugin.view", "Просмотр плагинов ИКО", "View iiko plugins", _PLACE, ()),
    ("popup.manage", "Управление новостным поппап", "Manage the news popup", _WHOLE, ()),
    ("link.manage", "Управление информационными ссылками", "Manage information links", _WHOLE, ()),
    ("download.manage", "Управление загрузками", "Manage downloads", _WHOLE, ()),
    ("member.register_by_card", "Регистрация пользователей по карте", "Register users by card", _ANY, _CARDS),
)
_LATER: Final[tuple[_Row, ...]] = (
    ("campaign.approve", "Утверждение кампаний", "Approve campaigns", _WHOLE, ()),
    ("settlement.view", "Просмотр взаиморасчётов", "View settlements", _HOME, ()),
    ("merge.decide", "Объединение участников", "Merge members", _WHOLE, _CARDS),
    ("pii.reveal", "Показ личных данных", "Reveal personal data", _PLACE, _CARDS),
    ("signal.review", "Разбор подозрительных операций", "Review suspicious operations", _PLACE, ("operation.view",)),
    ("settlement.manage", "Ведение взаиморасчётов", "Keep settlements", _HOME, ("settlement.view",)),
)
_MEMBERS: Final = ("card", "user", "member", "merge", "pii")
_GROUPS: Final[Mapping[str, RightGroup]] = {
    **dict.fromkeys(("admin", "grant"), RightGroup.STAFF),
    **dict.fromkeys(("partner", "pos", "plugin"), RightGroup.PARTNERS),
    **dict.fromkeys(_MEMBERS, RightGroup.MEMBERS),
    **dict.fromkeys(("operation", "analytics", "settlement", "signal"), RightGroup.OPERATIONS),
    **dict.fromkeys(("faq", "wiki", "popup", "link", "download", "campaign"), RightGroup.CONTENT),
    "settings": RightGroup.SYSTEM,
}


def _table() -> Iterator[Right]:
    for place, (code, ru, en, scopes, requires) in enumerate((*_SEEDED, *_LATER), start=1):
        group = _GROUPS[code.partition(".")[0]]
        yield Right(
            code=code,
            number=place if place <= len(_SEEDED) else None,
            name=Text(ru, en),
            group=group,
            scopes=scopes,
            requires=requires,
            needs_two=group is RightGroup.STAFF,
        )


RIGHTS: Final[Mapping[str, Right]] = MappingProxyType({right.code: right for right in _table()})
"""Every right by its code, the seed's 23 first."""
NEED_TWO: Final = frozenset(right.code for right in RIGHTS.values() if right.needs_two)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A role that an installation starts with; afterwards it is a row like any other and may be changed."""

    code: str
    name: Text
    rights: tuple[str, ...]


_LOOKING: Final = ("card.view", "card.stats.view", "operation.view", "analytics.view")
PRESETS: Final = (
    Preset(code="owner", name=Text("Владелец программы", "Programme owner"), rights=tuple(RIGHTS)),
    Preset(
        code="partner-manager",
        name=Text("Управляющий партнёра", "Partner manager"),
        rights=(
            "pos.manage",
            "card.view",
            "card.stats.view",
            "operation.view",
            "operation.manage",
            "analytics.view",
            "plugin.view",
            "settlement.view",
            "settlement.manage",
            "member.register_by_card",
        ),
    ),
    Preset(
        code="cashier-lead",
        name=Text("Старший кассир", "Lead cashier"),
        rights=("card.view", "operation.view", "operation.manage", "member.register_by_card"),
    ),
    Preset(code="analyst", name=Text("Аналитик", "Analyst"), rights=_LOOKING),
    Preset(
        code="content-editor",
        name=Text("Редактор контента", "Content editor"),
        rights=("faq.manage", "wiki.manage", "popup.manage", "link.manage", "download.manage"),
    ),
    Preset(
        code="support",
        name=Text("Служба поддержки", "Support"),
        rights=(
            "card.view",
            "card.manage",
            "card.log.view",
            "user.manage",
            "operation.view",
            "pii.reveal",
            "signal.review",
        ),
    ),
)


def holdable(right: str, scope: Scope) -> bool:
    """Whether the table knows this right and lets it be held at a scope of this kind."""
    return right in RIGHTS and scope.kind in RIGHTS[right].scopes


def effective(held: Iterable[tuple[str, Scope]]) -> Access:
    """What grants add up to. What the table does not know, or not at that scope, opens nothing."""
    return Access.of((right, scope) for right, scope in held if holdable(right, scope))


def missing_requirements(access: Access) -> tuple[tuple[str, str, Scope], ...]:
    """(right, what it requires, where) for each right that is held without what it stands on."""
    return tuple(
        (right, required, scope)
        for right, scope in access.pairs
        for required in RIGHTS[right].requires
        if not access.within(required, scope)
    )
