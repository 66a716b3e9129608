"""Reading programme files: YAML in, a tree with line numbers out. What the tree means is the business of the rules."""

from pathlib import Path
from typing import Final

import yaml

from loyalty.programme_file.findings import Finding
from loyalty.programme_file.nodes import Items, Node, Pairs, Scalar

FILE_BYTES_MAX: Final = 1_000_000
NODES_MAX: Final = 50_000
DEPTH_MAX: Final = 12


class UnreadableFile(Exception):
    """A file that is no YAML we read. It carries what to mend."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read_file(path: Path) -> Node:
    """The tree of a file."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise _unreadable(1, f"the file cannot be read ({error.strerror}).", "check the path and its rights.") from None
    if len(content) > FILE_BYTES_MAX:
        raise _unreadable(1, f"the file is larger than {FILE_BYTES_MAX} bytes.", "split the programme.")
    try:
        return read_tree(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(line, "the file is not UTF-8.", "save it as UTF-8.") from None


def read_tree(text: str) -> Node:
    """The tree of a text. Anchors are refused: rows of rates have names of their own, and a bomb has none."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"this is no YAML: {error.problem or error.context or 'it breaks off'}."
        raise _unreadable(1 if mark is None else mark.line + 1, message, "check indents, colons and quotes.") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise _unreadable(1, f"this is no YAML: {type(error).__name__}.", "check for odd characters.") from None
    if root is None:
        raise _unreadable(1, "the file is empty.", "begin with `id:` and `name:`; docs/programme.md has an example.")
    return _Reader().node(root, 0)


class _Reader:
    """One walk over the composed nodes, bounded in size and depth."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def node(self, node: yaml.Node, depth: int) -> Node:
        line = node.start_mark.line + 1
        if id(node) in self.seen:
            raise _unreadable(line, "anchors and aliases are not used here.", "give shared rates a row under `rates`.")
        self.seen.add(id(node))
        if len(self.seen) > NODES_MAX or depth > DEPTH_MAX:
            raise _unreadable(line, "the file has too many values or levels.", "split the programme.")
        if isinstance(node, yaml.MappingNode):
            return Pairs(tuple((self._key(key), self.node(value, depth + 1)) for key, value in node.value), line)
        if isinstance(node, yaml.SequenceNode):
            return Items(tuple(self.node(item, depth + 1) for item in node.value), line)
        return self._key(node)

    def _key(self, node: yaml.Node) -> Scalar:
        if not isinstance(node, yaml.ScalarNode):
            raise _unreadable(node.start_mark.line + 1, "a key is no plain word.", "write `key: value`.")
        return Scalar(node.value, node.start_mark.line + 1, quoted=bool(node.style))


def _unreadable(line: int, message: str, mend: str) -> UnreadableFile:
    return UnreadableFile(Finding(line, message, mend))
