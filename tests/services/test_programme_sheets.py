"""Sheets of outlets beside a programme file: read row by row, and every slip told with its file and line."""

from pathlib import Path

import pytest

from loyalty.programme import Identification, NameByPhone
from loyalty.programme_file.check import Checked
from loyalty.programme_file.stored import digest, from_data, to_data
from services import programmes
from services.programme_files import UnreadableFile
from tests.makers.programme_files import FILES, SMALL, compiled

OUTLETS = "    outlets:\n      - {id: inn, name: Стойка}\n"
HEAD = "id,name,name_en,city,city_en,address,address_en,time_zone\n"


def write(folder: Path, sheet: str | bytes, *, own: str = "", name: str = "shops.csv") -> Path:
    """The small programme with its outlets in a sheet."""
    content = sheet if isinstance(sheet, bytes) else sheet.encode()
    (folder / "shops.csv").write_bytes(content)
    file = folder / "small.yaml"
    file.write_text(SMALL.replace(OUTLETS, f"{own}    outlets_from: {name}\n"), encoding="utf-8")
    return file


def told(checked: Checked) -> list[str]:
    """What a check says, as the command prints it."""
    return [finding.told("programmes/small.yaml") for finding in checked.findings]


def test_a_sheet_gives_outlets_in_both_languages(tmp_path: Path) -> None:
    """A-203: cells left empty are fields left out; a semicolon parts columns as well as a comma."""
    rows = 'omsk-1,"Салон, 1",Shop 1,Омск,Omsk,"ул. Садовая, 1",1 Sadovaya St,Asia/Omsk\n\ntula-1,Салон,,,,,,\n'
    programme = programmes.check_file(write(tmp_path, HEAD + rows, own=OUTLETS)).programme
    assert programme is not None
    desk, omsk, tula = programme.partners[0].outlets
    assert (desk.id, tula.city, tula.time_zone, tula.name.en) == ("inn", None, "Europe/Moscow", None)
    assert omsk.city is not None
    assert omsk.address is not None
    assert (omsk.name.en, omsk.city.en, omsk.address.ru, omsk.time_zone) == (
        "Shop 1",
        "Omsk",
        "ул. Садовая, 1",
        "Asia/Omsk",
    )
    again = programmes.check_file(write(tmp_path, "id;name;time_zone\r\nomsk-1;Салон;Asia/Omsk\r\n")).programme
    assert again is not None
    assert [outlet.time_zone for outlet in again.partners[0].outlets] == ["Asia/Omsk"]
    kept = from_data(to_data(programme), 1)
    assert kept.partners[0].outlets == programme.partners[0].outlets


def test_a_slip_in_a_row_is_told_with_the_sheet_and_its_line(tmp_path: Path) -> None:
    rows = "omsk-1,Салон,,,,,,Asia/Omks\nOmsk 2,Салон,,,,,,\nomsk-1,Салон,,,,,,\nomsk-3,,Shop,,,,,\n"
    lines = told(programmes.check_file(write(tmp_path, HEAD + rows)))
    assert [line.split(" ")[0] for line in lines] == [f"programmes/shops.csv:{line}:" for line in (2, 3, 4, 5)]
    assert '"Asia/Omks" is no time zone' in lines[0]
    assert '"Omsk 2" is no slug' in lines[1]
    assert "already an outlet (shops.csv line 2)" in lines[2]
    assert '"name" is empty' in lines[3]


@pytest.mark.parametrize(
    ("sheet", "line", "message"),
    [
        ("", 1, "the first line names other columns"),
        ("id,name,street\n", 1, "other columns: street"),
        ("id,id,name\n", 1, "one twice"),
        ("name,city\n", 1, "no id and name"),
        ("id,name\nomsk-1,Салон, 1\n", 2, "3 cells stand under 2 columns"),
        ('id,name\nomsk-1,"Салон\n', 2, "this is no CSV"),
        ("id,name\nomsk-1,Салон\n".encode("cp1251"), 2, "not UTF-8"),
        ("id,name\n" + "x,x\n" * 10_001, 10_002, "more than 10000 rows"),
        (b"x" * 4_000_001, 1, "larger than"),
    ],
)
def test_a_sheet_that_is_no_sheet_is_refused(tmp_path: Path, sheet: str | bytes, line: int, message: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        programmes.check_file(write(tmp_path, sheet))
    finding = refused.value.finding
    assert (finding.file, finding.line) == ("shops.csv", line)
    assert message in finding.message


@pytest.mark.parametrize("name", ["../shops.csv", "/etc/passwd", "[shops.csv]", '""'])
def test_a_sheet_lies_beside_its_file(tmp_path: Path, name: str) -> None:
    (line,) = told(programmes.check_file(write(tmp_path, HEAD, name=name)))[-1:]
    assert "write the name of a CSV file beside this one" in line


def test_a_missing_sheet_is_told_where_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no-such\.csv cannot be read"):
        programmes.check_file(write(tmp_path, HEAD, name="no-such.csv"))


def test_cities_and_phones_make_no_new_version_of_what_had_none() -> None:
    """The digest of content from before is the same: applying an old file again still changes nothing."""
    data = to_data(compiled(SMALL))
    assert "identify" not in data
    assert set(data["partners"][0]["outlets"][0]) == {"id", "name", "time_zone"}
    assert digest(data) == digest(to_data(from_data(data, 1)))


def test_identification_by_phone_is_said_by_the_programme() -> None:
    """A-223: only a programme that says so takes phones at its tills, and the code always stays."""
    assert compiled(SMALL).identify == (Identification.QR,)
    spoken = compiled(SMALL.replace("tiers:", "identify: [PHONE, QR]\nname_by_phone: SHOWN\ntiers:", 1))
    assert (spoken.identify, spoken.name_by_phone) == ((Identification.QR, Identification.PHONE), NameByPhone.SHOWN)
    kept = from_data(to_data(spoken), 1)
    assert (kept.identify, kept.name_by_phone) == (spoken.identify, spoken.name_by_phone)
    with pytest.raises(AssertionError, match="only it may spend"):
        compiled(SMALL.replace("tiers:", "identify: PHONE\ntiers:", 1))


def test_askona_has_900_places_in_eleven_zones() -> None:
    """A-203, A-205, A-218: the second programme, with two web shops and more than 900 points of sale."""
    programme = programmes.check_file(FILES / "askona.yaml").programme
    assert programme is not None
    shops = [outlet for outlet in programme.outlets_by_id.values() if outlet.address is not None]
    others = [outlet.id for outlet in programme.outlets_by_id.values() if outlet.address is None]
    assert (len(shops), others) == (900, ["web-shop", "web-outlet", "sonata-samara", "sonata-kazan"])
    assert {
        "Europe/Kaliningrad",
        "Europe/Moscow",
        "Europe/Samara",
        "Asia/Yekaterinburg",
        "Asia/Omsk",
        "Asia/Krasnoyarsk",
        "Asia/Irkutsk",
        "Asia/Yakutsk",
        "Asia/Vladivostok",
        "Asia/Magadan",
        "Asia/Kamchatka",
    } <= {outlet.time_zone for outlet in shops}
    assert all(outlet.name.en and outlet.city and outlet.city.en for outlet in shops)
    assert not programme.names_cyrillic_only
    assert programme.identify == (Identification.QR, Identification.PHONE)
