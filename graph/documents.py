"""Documents ready to run: parsed, guarded and validated once, remembered by their text; refused ones too."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    parse,
    recommended_rules,
    specified_rules,
    validate,
    visit,
)

from graph.faults import INVALID_QUERY, Told, document_refused
from graph.guard import ALLOWANCE, Allowance, TooMuch, guard, is_introspection, touches_introspection
from graph.plans import Plans
from graph.rows import Product, pages

RULES: Final = (*specified_rules, *recommended_rules)
# A parsed document takes up to a hundred times its text, so the memory is bounded by text and not by number.
REMEMBERED_BYTES: Final = 256 * 1024
_ODDS_BYTES: Final = 256
_PLANS_MOST: Final = 16


class DocumentRefused(Exception):
    """This document cannot run; `told` is the error its caller reads."""

    def __init__(self, told: Told) -> None:
        super().__init__(told["message"])
        self.told = told


def refused(message: str) -> DocumentRefused:
    """A refusal of the request's document in words of ours."""
    return DocumentRefused({"message": message, "extensions": {"code": INVALID_QUERY}})


@dataclass(slots=True)
class Document:
    """One operation ready to run."""

    node: DocumentNode
    operation: OperationDefinitionNode
    name: str
    digest: str
    pages: tuple[Product, ...]
    asks_schema: bool
    asks_schema_only: bool
    switches: tuple[str, ...]
    """The variables that @skip and @include ask: with the same values selections are the same."""
    plans: dict[tuple[Any, ...], Plans] = field(default_factory=dict)
    answer: dict[str, Any] | None = field(default=None)
    """What a document about nothing but the schema was answered: it never changes while we run."""

    def plans_for(self, variables: Mapping[str, Any]) -> Plans:
        """What was compiled for requests like this one."""
        # Only a truth can switch; whatever else was sent is refused later, and must not be kept until then.
        given = (variables.get(name) for name in self.switches)
        key = tuple(value if isinstance(value, bool) else None for value in given)
        if key not in self.plans:
            if len(self.plans) >= _PLANS_MOST:
                self.plans.clear()
            self.plans[key] = Plans()
        return self.plans[key]

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.operation.operation


@dataclass(frozen=True, slots=True)
class _Refused:
    plainly: Told
    openly: Told


class Documents:
    """Every document this process has seen lately, and those our own front ends are known to send."""

    def __init__(
        self, schema: GraphQLSchema, trusted: Mapping[str, str] | None = None, allowed: Allowance = ALLOWANCE
    ) -> None:
        self._schema = schema
        self._allowed = allowed
        self._trusted_texts = dict(trusted or {})
        self._trusted: dict[str, Document] = {}
        self._seen: OrderedDict[str, Document | _Refused] = OrderedDict()
        self._seen_bytes = 0

    def of_text(self, text: str, *, open_schema: bool = False) -> Document:
        """The document of a text. Raises `DocumentRefused`, with reasons only where the schema is open."""
        found = self._seen.get(text)
        if found is None:
            found = self._read(text)
            self._remember(text, found)
        else:
            self._seen.move_to_end(text)
        if isinstance(found, _Refused):
            raise DocumentRefused(found.openly if open_schema else found.plainly)
        if found.asks_schema and not open_schema:
            raise DocumentRefused(document_refused([], open_schema=False))
        return found

    def knows(self, text: str) -> bool:
        """Whether this text was read before, so that `of_text` costs nothing."""
        return text in self._seen

    def of_hash(self, digest: str) -> Document:
        """The trusted document with this SHA-256. Raises `DocumentRefused` for an unknown one."""
        known = self._trusted.get(digest)
        if known is None:
            text = self._trusted_texts.get(digest)
            if text is None:
                raise refused("No trusted document has this hash. Send the document itself.")
            read = self._read(text)
            if isinstance(read, _Refused):
                raise DocumentRefused(read.plainly)
            known = self._trusted[digest] = read
        return known

    def _read(self, text: str) -> Document | _Refused:
        if len(text.encode()) > self._allowed.text_bytes:
            return _same(f"The document is too long: {self._allowed.text_bytes} bytes at most.")
        try:
            node = parse(text, max_tokens=self._allowed.tokens)
            guard(node, self._allowed)
            if errors := validate(self._schema, node, RULES, max_errors=1, hide_suggestions=True):
                return _for_both(errors[0])
        except TooMuch as limit:
            return _same(f"The document asks for too much: {limit}.")
        except GraphQLError as error:
            return _for_both(error)
        except RecursionError:
            return _same("The document is nested too deeply.")
        operation = next((part for part in node.definitions if isinstance(part, OperationDefinitionNode)), None)
        if operation is None:
            return _same("The document has no operation.")
        return Document(
            node=node,
            operation=operation,
            name=operation.name.value[:64] if operation.name else "",
            digest=sha256(text.encode()).hexdigest()[:16],
            pages=pages(node, self._schema),
            asks_schema=touches_introspection(node),
            asks_schema_only=is_introspection(node),
            switches=_switches(node),
        )

    def _remember(self, text: str, document: Document | _Refused) -> None:
        self._seen[text] = document
        self._seen_bytes += len(text) + _ODDS_BYTES
        while self._seen_bytes > REMEMBERED_BYTES and self._seen:
            forgotten, _ = self._seen.popitem(last=False)
            self._seen_bytes -= len(forgotten) + _ODDS_BYTES


def _switches(document: DocumentNode) -> tuple[str, ...]:
    asked = _Switches()
    visit(document, asked)
    return tuple(sorted(asked.names))


class _Switches(Visitor):
    """Meets every directive once and keeps the variables it asks."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        """Keep the variables among the arguments of a directive."""
        given = (argument.value for argument in node.arguments or ())
        self.names |= {value.name.value for value in given if isinstance(value, VariableNode)}


def _for_both(error: GraphQLError) -> _Refused:
    return _Refused(document_refused([error], open_schema=False), document_refused([error], open_schema=True))


def _same(message: str) -> _Refused:
    told = refused(message).told
    return _Refused(told, told)
