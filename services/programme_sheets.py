"""Programme files with their sheets: the outlets of a chain are a table, and tables are kept where people edit tables."""

import csv
from io import StringIO
from pathlib import Path
from typing import Final

from loyalty.programme_file import shapes
from loyalty.programme_file.findings import Finding
from loyalty.programme_file.nodes import Items, Node, Pairs, Scalar, Sheet
from services.programme_files import UnreadableFile, read_file

SHEET_BYTES_MAX: Final = 4_000_000
ROWS_MAX: Final = 10_000
_ENGLISH: Final = "_en"
_TEXTS: Final = ("name", "city", "address")
COLUMNS: Final = (*shapes.OUTLET, *(f"{text}{_ENGLISH}" for text in _TEXTS))


def read_programme(path: Path) -> Node:
    """The tree of a programme file, with every `outlets_from` read from the CSV beside it.

    Raises UnreadableFile for a file that is no YAML and for a sheet that is no CSV.
    """
    root = read_file(path)
    if not isinstance(root, Pairs):
        return root
    return Pairs(tuple((key, _partners(key, node, path.parent)) for key, node in root.pairs), root.line)


def _partners(key: Scalar, node: Node, folder: Path) -> Node:
    if key.text != "partners" or not isinstance(node, Items):
        return node
    return Items(tuple(_partner(item, folder) for item in node.items), node.line)


def _partner(node: Node, folder: Path) -> Node:
    if not isinstance(node, Pairs):
        return node
    return Pairs(
        tuple(
            (key, _sheet(value, folder) if key.text == "outlets_from" and isinstance(value, Scalar) else value)
            for key, value in node.pairs
        ),
        node.line,
    )


def _sheet(name: Scalar, folder: Path) -> Node:
    if name.is_nothing or not name.text or name.text != Path(name.text).name:
        return name  # the check says what belongs here
    try:
        with (folder / name.text).open("rb") as file:
            content = file.read(SHEET_BYTES_MAX + 1)
    except OSError as error:
        message = f"the sheet {name.text} cannot be read ({error.strerror})."
        raise UnreadableFile(Finding(name.line, message, "check the name; it lies beside this file.")) from None
    if len(content) > SHEET_BYTES_MAX:
        raise _unreadable(name.text, 1, f"the sheet is larger than {SHEET_BYTES_MAX} bytes.", "split the partner.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(name.text, line, "the sheet is not UTF-8.", "save it as “CSV UTF-8”.") from None
    return Sheet(name.text, _rows(name.text, text), name.line)


def _rows(file: str, text: str) -> tuple[Pairs, ...]:
    # Spreadsheets of countries that write 1,5 part the columns by semicolons.
    head = text.partition("\n")[0]
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=";" if ";" in head and "," not in head else ",", strict=True
    )
    rows: list[Pairs] = []
    try:
        columns = next(reader, [])
        _check_head(file, columns)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                message = f"{len(cells)} cells stand under {len(columns)} columns."
                raise _unreadable(file, reader.line_num, message, "put a cell that has a comma between quotes.")
            if len(rows) == ROWS_MAX:
                raise _unreadable(file, reader.line_num, f"there are more than {ROWS_MAX} rows.", "split the partner.")
            rows.append(_row(dict(zip(columns, cells, strict=True)), reader.line_num))
    except csv.Error as error:
        raise _unreadable(file, reader.line_num, f"this is no CSV: {error}.", "check its quotes.") from None
    return tuple(rows)


def _check_head(file: str, columns: list[str]) -> None:
    strange = [column for column in columns if column not in COLUMNS]
    if strange or len(set(columns)) != len(columns) or not {"id", "name"} <= set(columns):
        message = f"the first line names other columns: {', '.join(strange)[:60] or 'one twice, or no id and name'}."
        raise _unreadable(file, 1, message, f"use {', '.join(COLUMNS)}; id and name must be there.")


def _row(cells: dict[str, str], line: int) -> Pairs:
    """The cells as the fields of an outlet: an empty cell is a field left out, `name` and `name_en` are one text."""
    pairs: list[tuple[Scalar, Node]] = []
    for column in shapes.OUTLET:
        written, english = cells.get(column, "").strip(), cells.get(f"{column}{_ENGLISH}", "").strip()
        value: Node = Scalar(written, line, quoted=True)
        if english:
            parts = (("ru", written), ("en", english))
            value = Pairs(tuple((Scalar(key, line), Scalar(text, line, quoted=True)) for key, text in parts), line)
        if written or english:
            pairs.append((Scalar(column, line), value))
    return Pairs(tuple(pairs), line)


def _unreadable(file: str, line: int, message: str, mend: str) -> UnreadableFile:
    return UnreadableFile(Finding(line, message, mend, file=file))
