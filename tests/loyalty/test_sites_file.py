"""The section `site` of a programme file: what is wrong is named with its line and the mend, what is right is kept."""

import pytest

from loyalty.programme import Programme
from loyalty.programme_file.stored import digest, from_data, to_data
from loyalty.sites import SiteOffer, SiteTerms, origin_of
from tests.makers.programme_files import SMALL, checked_text, compiled, znak_kachestva

SITE = """\
    site:
      origins: [https://inn.example]
      offers:
        - {service: stay, channel: DESK}
        - {service: bar, channel: TILL}
      link: /booking?hotel=7#form
      codes: {second: KNK-7}
"""


def small(site: str = SITE) -> str:
    """The small programme with a site."""
    return SMALL.replace("documents:\n", f"{site}documents:\n")


def told(site: str) -> list[str]:
    """What the check says of a site."""
    return [f"{one.message} {one.mend}" for one in checked_text(small(site)).faults]


def test_a_site_is_read_kept_and_read_again() -> None:
    """A-088: origins, offers, the link and the codes survive their way through the table of versions."""
    programme = compiled(small())
    expected = SiteTerms(
        origins=("https://inn.example",),
        offers=(SiteOffer("stay", "DESK"), SiteOffer("bar", "TILL")),
        link="/booking?hotel=7#form",
        codes=(("second", "KNK-7"),),
    )
    assert programme.partners_by_id["inn"].site == expected
    assert from_data(to_data(programme), 1).partners_by_id["inn"].site == expected
    assert programme.sites == {"https://inn.example": {"inn"}}
    assert digest(to_data(compiled(SMALL))) == digest(to_data(from_data(to_data(compiled(SMALL)), 1)))
    assert "site" not in to_data(compiled(SMALL))["partners"][0]


def test_the_link_carries_what_the_partners_engine_reads() -> None:
    """A-088: the code of the tier as TravelLine's form reads it, before the fragment, on the site where the guest is."""
    terms = compiled(small()).partners_by_id["inn"].site
    assert terms is not None
    assert terms.link_of("second") == "https://inn.example/booking?hotel=7&access-code=KNK-7#form"
    assert terms.link_of("second", "http://127.0.0.1:1") == "http://127.0.0.1:1/booking?hotel=7&access-code=KNK-7#form"
    assert terms.link_of("first") == terms.link_of(None) == "https://inn.example/booking?hotel=7#form"
    own = compiled(small(SITE.replace("/booking?hotel=7#form", "https://book.example/"))).partners_by_id["inn"].site
    assert own is not None
    assert own.link_of("second", "https://inn.example") == "https://book.example/?access-code=KNK-7"
    key = compiled(small(SITE + "      code_key: promo\n")).partners_by_id["inn"].site
    assert key is not None
    assert "promo=KNK-7" in str(key.link_of("second"))


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ("https://inn.example/", "`https://inn.example`"),
        ("https://INN.example", "`https://inn.example`"),
        ("https://inn.example:443", "`https://inn.example`"),
        ("https://отель.рф", "`https://xn--e1amhq6c.xn--p1ai`"),
        ("https://inn.example/booking", "`https://inn.example`"),
        ("http://inn.example", "https://hotel.example"),
        ("http://127.0.0.1:8001", "https://hotel.example"),
        ("https://*.inn.example", "https://hotel.example"),
        ("https://me@inn.example", "https://hotel.example"),
        ("https://inn.example:0x50", "https://hotel.example"),
        ("inn.example", "https://hotel.example"),
        ("null", "https://hotel.example"),
        ("javascript:alert(1)", "https://hotel.example"),
    ],
)
def test_an_origin_is_written_as_a_browser_writes_it(wrong: str, mend: str) -> None:
    """security.md T28: compared letter by letter later, so nothing else is taken."""
    faults = told(SITE.replace("https://inn.example]", f'"{wrong}"]'))
    assert len(faults) == 1, faults
    assert "is no origin of a site" in faults[0]
    assert mend in faults[0]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("service: stay,", "service: stya,", '"stya" is no service of this partner'),
        ("channel: DESK", "channel: SHOP", "write one of: DESK, CABINET"),
        ("service: bar, channel: TILL", "service: stay, channel: DESK", "there already"),
        ("/booking?hotel=7#form", "//elsewhere.example", "no address of a page"),
        ("/booking?hotel=7#form", "javascript:alert(1)", "no address of a page"),
        ("/booking?hotel=7#form", '"/бронь"', "no address of a page"),
        ("{second: KNK-7}", "{secnd: KNK-7}", "write `second`"),
        ("{second: KNK-7}", '{second: "KNK 7"}', "is no word"),
        ("{second: KNK-7}", "[KNK-7]", "no map of tiers and codes"),
        ("      link: /booking?hotel=7#form\n", "", "there is nowhere to book"),
        ("origins: [https://inn.example]", "origins: []", '"origins" is not a list of words'),
        ("      offers:", "      ofers:", "write `offers`"),
    ],
)
def test_what_is_wrong_with_a_site_is_named(before: str, after: str, says: str) -> None:
    assert before in SITE
    faults = told(SITE.replace(before, after, 1))
    assert any(says in fault for fault in faults), faults


def test_the_programme_of_the_repository_has_two_sites() -> None:
    """A-058, A-088: one hotel is booked in the cabinet, the other in its own form with a code of the tier."""
    programme: Programme = znak_kachestva()
    igora, dacha = (programme.partners_by_id[one].site for one in ("igora", "dacha-vintera"))
    assert igora is not None
    assert dacha is not None
    assert igora.link_of("collector") is None
    assert str(dacha.link_of("collector")).endswith("/booking?tl-booking-open=true&access-code=KUNAK-15")
    for partner in programme.partners:
        for offer in partner.site.offers if partner.site else ():
            assert programme.rule(partner.id, offer.service, offer.channel, "collector") is not None


def test_pages_of_this_machine_count_on_trial_alone() -> None:
    assert origin_of("http://127.0.0.1:8001/igora", loopback=True) == "http://127.0.0.1:8001"
    assert origin_of("http://127.0.0.1:8001") is None
    assert origin_of("http://inn.example", loopback=True) is None
