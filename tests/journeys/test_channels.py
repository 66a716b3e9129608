"""What a member wants by which channel, and the consent that adverts need besides, in the cabinet."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import joined
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_a_member_says_what_comes_by_which_channel(phones: Opened, demo: Demo) -> None:
    """A-219, A-227: notices and adverts by each channel are switched and stay so; letters about the card stay; consent."""
    _, filled = joined(demo, f"channels{uuid4().hex[:8]}")
    page = phones().new_page()
    sign_in(page, {"login": filled["email"], "password": filled["password"]})
    complaints = watched(page)
    page.goto("/profile")
    panel = page.get_by_role("region", name="Как вам писать")
    sms = panel.get_by_role("checkbox", name="Уведомления о карте (SMS)")
    expect(sms).to_be_checked()
    expect(panel.get_by_role("checkbox", name="Уведомления о карте (Почта)")).to_have_count(0)
    expect(panel).to_contain_text("Письма о карте приходят всегда")
    assert violations(page) == []
    sms.click()
    expect(page.get_by_text("Сохранено")).to_be_visible()
    expect(sms).not_to_be_checked()
    panel.get_by_role("checkbox", name="Новости и предложения (Viber)").click()
    expect(panel.get_by_role("checkbox", name="Новости и предложения (Viber)")).not_to_be_checked()
    page.reload()
    expect(panel.get_by_role("checkbox", name="Уведомления о карте (SMS)")).not_to_be_checked()
    expect(panel.get_by_role("checkbox", name="Новости и предложения (Viber)")).not_to_be_checked()
    expect(panel.get_by_role("checkbox", name="Новости и предложения (SMS)")).to_be_checked()
    # Adverts need the consent besides: it is given in the panel above, and the note here says so until then.
    consents = page.get_by_role("region", name="Согласия")
    missing = panel.get_by_text("только если выше дано согласие")
    advert = consents.get_by_role("listitem").filter(has_text="рекламных")
    if advert.get_by_role("button", name="Отозвать согласие").count():
        advert.get_by_role("button", name="Отозвать согласие").click()
        page.get_by_role("dialog").get_by_role("button", name="Отозвать согласие").click()
    expect(missing).to_be_visible()
    advert.get_by_role("button", name="Дать согласие").click()
    expect(missing).to_have_count(0)
    assert complaints == []
