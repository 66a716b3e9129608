"""Reading programme files: lines kept, slips told, bombs refused."""

from pathlib import Path

import pytest

from loyalty.programme_file.nodes import Items, Pairs, Scalar
from services.programme_files import FILE_BYTES_MAX, NODES_MAX, UnreadableFile, read_file, read_tree


def test_every_value_remembers_its_line() -> None:
    tree = read_tree("a: 1\nb:\n  - x\n  - 'y'\nc:\n")
    assert tree == Pairs(
        (
            (Scalar("a", 1), Scalar("1", 1)),
            (Scalar("b", 2), Items((Scalar("x", 3), Scalar("y", 4, quoted=True)), 3)),
            (Scalar("c", 5), Scalar("", 5)),
        ),
        1,
    )


def test_values_stay_as_they_were_written() -> None:
    """No value becomes a float, a date or a boolean on its way to the check."""
    tree = read_tree("- 7.5\n- 2026-01-01\n- yes\n- 0x10\n- 1_000\n")
    assert isinstance(tree, Items)
    assert [item.text for item in tree.items if isinstance(item, Scalar)] == [
        "7.5",
        "2026-01-01",
        "yes",
        "0x10",
        "1_000",
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("a: 1\nb: [1, 2\n", 3, "this is no YAML"),
        ("a: 1\n\tb: 2\n", 2, "this is no YAML"),
        ("a: 1\n---\nb: 2\n", 2, "this is no YAML"),
        ("a: &x 1\nb: *x\n", 1, "anchors and aliases are not used here"),
        ("a: &x [*x]\n", 1, "anchors and aliases are not used here"),
        ("? [1, 2]\n: 3\n", 1, "a key is no plain word"),
        ("[" * 20 + "]" * 20, 1, "too many values or levels"),
        ("- 1\n" * (NODES_MAX + 1), NODES_MAX, "too many values or levels"),
        ("a: \x00", 1, "this is no YAML"),
    ],
)
def test_what_is_no_programme_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(UnreadableFile) as told:
        read_tree(text)
    assert (told.value.finding.line, message in told.value.finding.message) == (line, True)


def test_a_bomb_does_not_go_off() -> None:
    rows = ["a0: &a0 [x, x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(UnreadableFile, match="anchors"):
        read_tree("\n".join(rows))


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "programme.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: \xd0\xb0\n")
    assert read_file(file) == Pairs(((Scalar("a", 1), Scalar("а", 1)),), 1)


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"a: 1\nb: \xff\n", 2, "the file is not UTF-8"),
        (b"#" * (FILE_BYTES_MAX + 1), 1, "the file is larger"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    file = tmp_path / "programme.yaml"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile) as told:
        read_file(file)
    assert (told.value.finding.line, message in told.value.finding.message) == (line, True)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_file(tmp_path / "nothing.yaml")
