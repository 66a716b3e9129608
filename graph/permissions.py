"""Who may call a root field: one object is both the guard and the directive printed in the schema."""

from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.schema_directive import Location
from strawberry.types.field import StrawberryField

from graph.context import Context, Info, StaffViewer
from loyalty.refusals import Code, Refusal
from services import audit
from services.audit import Event
from services.staff.acting import lacking


@strawberry.schema_directive(name="public", locations=[Location.FIELD_DEFINITION], description="Anybody may call.")
class Public:
    """Printed on fields that anybody may call."""


@strawberry.schema_directive(
    name="member", locations=[Location.FIELD_DEFINITION], description="Needs a member's session."
)
class Member:
    """Printed on fields that need a member's session."""


@strawberry.schema_directive(name="till", locations=[Location.FIELD_DEFINITION], description="Needs a till's key.")
class Till:
    """Printed on fields that need a till's key."""


@strawberry.schema_directive(
    name="staff",
    locations=[Location.FIELD_DEFINITION],
    description="Needs a session of the staff, whatever its rights.",
)
class Staff:
    """Printed on fields that need a session of the staff."""


@strawberry.schema_directive(
    name="needs", locations=[Location.FIELD_DEFINITION], description="Needs this right of the staff."
)
class Needs:
    """Printed on fields that need a right of the staff."""

    right: str


class Guard(FieldExtension):
    """Lets a caller through to the resolver or refuses, before the arguments are looked at."""

    directive: object
    for_sites = False
    """Whether a widget on a partner's own site may call as well."""

    def admit(self, context: Context) -> None:
        """Return for a caller who may call; raise the refusal otherwise."""
        raise NotImplementedError

    def apply(self, field: StrawberryField) -> None:
        """Print the directive on the field."""
        if self.directive not in field.directives:
            field.directives = [*field.directives, self.directive]

    def resolve(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        """Call the resolver for a caller who may. On a partner's site nothing is open but what its widget needs."""
        if info.context.is_at_site and not self.for_sites:
            raise Refusal(Code.FORBIDDEN, "forbidden")
        self.admit(info.context)
        return next_(source, info, **kwargs)

    # No coroutine of its own: the resolver's is handed on as it is, a subscription's generator too.
    resolve_async = resolve


class _Anybody(Guard):
    directive = Public()

    def __init__(self, *, for_sites: bool = False) -> None:
        self.for_sites = for_sites

    def admit(self, context: Context) -> None:
        pass


class _Members(Guard):
    directive = Member()

    def admit(self, context: Context) -> None:
        _ = context.member


class _Tills(Guard):
    directive = Till()

    def admit(self, context: Context) -> None:
        _ = context.till


class _Staff(Guard):
    directive = Staff()

    def admit(self, context: Context) -> None:
        _ = context.staff


class _Holders(Guard):
    def __init__(self, right: str) -> None:
        self.right = right
        self.directive = Needs(right=right)

    def admit(self, context: Context) -> None:
        if not context.staff.access.holds(self.right):
            raise lacking(self.right)

    def resolve(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        """Call the resolver for a holder of the right; whoever of the staff lacks it is noted in the log."""
        viewer = info.context.viewer
        if isinstance(viewer, StaffViewer) and not viewer.session.access.holds(self.right):
            return self._refuse(info)
        return super().resolve(next_, source, info, **kwargs)

    resolve_async = resolve

    async def _refuse(self, info: Info) -> None:
        context = info.context
        event = Event(action=info.field_name, object_kind="refusal", right=self.right)
        await audit.note(context.resources, context.actor, event, context.now)
        self.admit(context)


def public(*, sites: bool = False) -> Guard:
    """Anybody may call; a widget on a partner's own site only with `sites`."""
    return _Anybody(for_sites=sites)


def member() -> Guard:
    """A member with an open session may call."""
    return _Members()


def till() -> Guard:
    """A till with a valid key may call."""
    return _Tills()


def staff() -> Guard:
    """One of the staff with an open session may call."""
    return _Staff()


def needs(right: str) -> Guard:
    """One of the staff with this right, at whatever scope, may call; the service narrows by the scope."""
    return _Holders(right)
