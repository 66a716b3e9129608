"""Whatever stands in a programme file, the check answers: a programme, or findings with lines and mends."""

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.programme_file.check import check
from loyalty.programme_file.nodes import Items, Node, Pairs, Scalar
from services.programme_files import read_tree
from tests.makers.programme_files import SMALL, ZONES, compiled

TREE = read_tree(SMALL)
WORDS = st.sampled_from(
    [
        "",
        "null",
        "0",
        "5",
        "-1",
        "1e9",
        "7.5",
        "true",
        "no",
        "inn",
        "bar",
        "TILL",
        "ONE",
        "first",
        "usual",
        "я" * 999,
        "\x00",
    ]
)
SCALARS = st.builds(Scalar, WORDS, st.integers(1, 99), st.booleans())
NODES: st.SearchStrategy[Node] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.builds(Items, st.lists(inner, max_size=3).map(tuple), st.integers(1, 99)),
        st.builds(Pairs, st.lists(st.tuples(SCALARS, inner), max_size=3).map(tuple), st.integers(1, 99)),
    ),
    max_leaves=5,
)


def count(node: Node) -> int:
    """How many nodes a tree has."""
    children = node.items if isinstance(node, Items) else [value for _, value in getattr(node, "pairs", ())]
    return 1 + sum(count(child) for child in children)


def replaced(node: Node, place: int, other: Node) -> Node:
    """The tree with the node at a place (in reading order) replaced."""
    if place == 0:
        return other
    place -= 1
    if isinstance(node, Items):
        items = list(node.items)
        for index, child in enumerate(items):
            if place < count(child):
                items[index] = replaced(child, place, other)
                return Items(tuple(items), node.line)
            place -= count(child)
    if isinstance(node, Pairs):
        pairs = list(node.pairs)
        for index, (key, child) in enumerate(pairs):
            if place < count(child):
                pairs[index] = (key, replaced(child, place, other))
                return Pairs(tuple(pairs), node.line)
            place -= count(child)
    raise AssertionError("no such place")


@given(st.lists(st.tuples(st.integers(0, 10_000), NODES), min_size=1, max_size=3))
@settings(max_examples=300)
def test_the_check_always_answers(changes: list[tuple[int, Node]]) -> None:
    tree: Node = TREE
    for place, other in changes:
        tree = replaced(tree, place % count(tree), other)
    checked = check(tree, version=2, zones=ZONES, earlier=compiled(SMALL))
    assert (checked.programme is None) == bool(checked.faults)
    for finding in checked.findings:
        assert finding.line > 0
        assert finding.message.endswith(".")
        assert finding.mend
    if checked.programme is not None:
        asked = {
            (partner.id, service.id, channel, tier.id)
            for partner in checked.programme.partners
            for service in partner.services
            for channel in service.channels
            for tier in checked.programme.tiers
        }
        assert set(checked.programme.cells) == asked
