"""The document guard: how deep, wide and long a document may be, decided before any rule of validation runs.

Every walk over fragments shares one memo, so that nested spreads cost what the document is long and not 2 to the
power of it. The memo keeps depths relative to the fragment: an absolute depth would let a fragment that was met high
up pass low down. Cycles and unknown names count as nothing here; the standard rules refuse them.
"""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

_CAP = 10**6
_INTROSPECTION = frozenset({"__schema", "__type", "__typename"})
_META = frozenset({"__schema", "__type"})


class TooMuch(Exception):
    """The document asks for more than a document may; the text says which limit it passed."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one document may hold."""

    text_bytes: int = 16 * 1024
    tokens: int = 1000
    operations: int = 1
    fragments: int = 30
    depth: int = 8
    introspection_depth: int = 20
    aliases: int = 15
    fields: int = 300
    root_mutation_fields: int = 1
    directives: int = 50
    rows: int = 1000


ALLOWANCE = Allowance()


@dataclass(frozen=True, slots=True)
class _Size:
    depth: int = 0
    aliases: int = 0
    fields: int = 0
    level: int = 0


class _Walk:
    def __init__(self, document: DocumentNode) -> None:
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.directives = 0
        self._memo: dict[str, _Size] = {}
        self._open: set[str] = set()

    def size(self, selections: SelectionSetNode | None) -> _Size:
        """Depth, aliases and fields below, and how many fields stand on this very level."""
        depth = aliases = fields = level = 0
        for node in selections.selections if selections else ():
            self.directives += len(node.directives or ())
            if isinstance(node, FragmentSpreadNode):
                part = self.fragment(node.name.value)
            elif isinstance(node, FieldNode):
                below = self.size(node.selection_set)
                part = _Size(below.depth + 1, below.aliases + bool(node.alias), below.fields + 1, 1)
            else:
                part = self.size(node.selection_set if isinstance(node, InlineFragmentNode) else None)
            depth = max(depth, part.depth)
            aliases = min(_CAP, aliases + part.aliases)
            fields = min(_CAP, fields + part.fields)
            level = min(_CAP, level + part.level)
        return _Size(depth, aliases, fields, level)

    def fragment(self, name: str) -> _Size:
        """The size of a fragment relative to itself; each is walked once."""
        if name not in self._memo:
            if name in self._open or name not in self.fragments:
                return _Size()
            self._open.add(name)
            self._memo[name] = self.size(self.fragments[name].selection_set)
            self._open.discard(name)
        return self._memo[name]


def guard(document: DocumentNode, allowed: Allowance = ALLOWANCE) -> None:
    """Return for a document within its allowance, raise `TooMuch` otherwise."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    walk = _Walk(document)
    _within("operations", len(operations), allowed.operations)
    _within("fragments", len(walk.fragments), allowed.fragments)
    asks_schema_only = is_introspection(document)
    for operation in operations:
        size = walk.size(operation.selection_set)
        _within("depth", size.depth, allowed.introspection_depth if asks_schema_only else allowed.depth)
        _within("aliases", size.aliases, allowed.aliases)
        _within("fields", size.fields, allowed.fields)
        if operation.operation is OperationType.MUTATION:
            _within("root mutation fields", size.level, allowed.root_mutation_fields)
    for name in walk.fragments:
        walk.fragment(name)
    directives = walk.directives + sum(
        len(node.directives or ()) + sum(len(part.directives or ()) for part in node.variable_definitions or ())
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode)
    )
    _within("directives", directives, allowed.directives)


def _within(what: str, count: int, most: int) -> None:
    if count > most:
        raise TooMuch(f"{what}: {most} at most")


def is_introspection(document: DocumentNode) -> bool:
    """Whether every operation asks for the schema and for nothing else."""
    roots = _roots(document)
    return bool(roots & _META) and roots <= _INTROSPECTION


def touches_introspection(document: DocumentNode) -> bool:
    """Whether any operation asks for the schema."""
    return bool(_roots(document) & _META)


def _roots(document: DocumentNode) -> set[str]:
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    met: set[str] = set()
    roots: set[str] = set()
    waiting = [node.selection_set for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                roots.add(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in met:
                met.add(node.name.value)
                if node.name.value in fragments:
                    waiting.append(fragments[node.name.value].selection_set)
    return roots
