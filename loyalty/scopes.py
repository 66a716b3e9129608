"""Where a right of the staff holds: the whole programme, a partner, an outlet or a till, one inside the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SEPARATOR: Final = "/"
DEPTH_MAX: Final = 3


class ScopeKind(StrEnum):
    """How wide a scope is, the widest first."""

    PROGRAMME = "PROGRAMME"
    PARTNER = "PARTNER"
    OUTLET = "OUTLET"
    TILL = "TILL"


_KINDS: Final = tuple(ScopeKind)


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """A place by its path: nothing, or a partner's slug, an outlet's slug and a till's id. A path covers all behind it."""

    path: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """The scope that `str` printed. Raises `ValueError` for anything else."""
        names = tuple(text.split(SEPARATOR)) if text else ()
        if len(names) > DEPTH_MAX or not all(names):
            raise ValueError(text)
        return cls(names)

    def __str__(self) -> str:
        return SEPARATOR.join(self.path)

    @property
    def kind(self) -> ScopeKind:
        """How wide it is."""
        return _KINDS[len(self.path)]

    @property
    def partner(self) -> str | None:
        """The partner it lies in; None for the whole programme."""
        return self.path[0] if self.path else None

    @property
    def outlet(self) -> str | None:
        """The outlet it lies in, where it is that narrow."""
        return self.path[1] if len(self.path) > 1 else None

    @property
    def till(self) -> str | None:
        """The id of the till it is, where it is one."""
        return self.path[2] if len(self.path) > 2 else None  # noqa: PLR2004 - the depth of a till

    def covers(self, other: "Scope") -> bool:
        """Whether everything of `other` lies in this scope."""
        return other.path[: len(self.path)] == self.path


PROGRAMME: Final = Scope()


def widest(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """The scopes without those that another one of them covers, in order."""
    kept: list[Scope] = []
    for scope in sorted(set(scopes), key=lambda each: (len(each.path), each.path)):
        if not any(one.covers(scope) for one in kept):
            kept.append(scope)
    return tuple(sorted(kept))


def around(scopes: Iterable[Scope]) -> Scope:
    """The narrowest scope that covers all of these; the whole programme for none."""
    shared: list[str] = []
    for names in zip(*(scope.path for scope in scopes), strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return Scope(tuple(shared))


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do and where: right by right, the widest scopes it is held at.

    Services are given this and ask it before they read or write (INV-22): `within` for one place, `partners` for lists.
    """

    scopes: Mapping[str, tuple[Scope, ...]]

    @classmethod
    def of(cls, held: Iterable[tuple[str, Scope]]) -> "Access":
        """The access that pairs of right and scope add up to."""
        gathered: dict[str, list[Scope]] = {}
        for right, scope in held:
            gathered.setdefault(right, []).append(scope)
        return cls({right: widest(scopes) for right, scopes in sorted(gathered.items())})

    @property
    def pairs(self) -> tuple[tuple[str, Scope], ...]:
        """Every right with every scope it is held at."""
        return tuple((right, scope) for right, scopes in self.scopes.items() for scope in scopes)

    def holds(self, right: str) -> bool:
        """Whether the right is held anywhere."""
        return right in self.scopes

    def within(self, right: str, scope: Scope) -> bool:
        """Whether the right is held for all of a place."""
        return any(held.covers(scope) for held in self.scopes.get(right, ()))

    def everywhere(self, right: str) -> bool:
        """Whether the right is held for the whole programme."""
        return self.within(right, PROGRAMME)

    def covers(self, other: "Access") -> bool:
        """Whether somebody with this access lacks nothing that `other` has: a right can be given by whom it covers."""
        return all(self.within(right, scope) for right, scope in other.pairs)

    def partners(self, right: str) -> frozenset[str] | None:
        """The partners of which the right is held whole, None for every one: what a list is narrowed to."""
        if self.everywhere(right):
            return None
        whole = (scope for scope in self.scopes.get(right, ()) if scope.kind is ScopeKind.PARTNER)
        return frozenset(scope.path[0] for scope in whole)

    def minus(self, other: "Access") -> tuple[tuple[str, Scope], ...]:
        """What this access has and `other` lacks."""
        return tuple((right, scope) for right, scope in self.pairs if not other.within(right, scope))


NOTHING: Final = Access({})
