"""What a person meets first: the language, one question, a large button; the rest when it is asked for."""

import pytest
from playwright.sync_api import expect

from chromium import needs_chromium

pytestmark = needs_chromium


@pytest.mark.parametrize(
    ("locale", "link", "language"), [("ru-RU", "", "ru"), ("de-DE", "", "en"), ("ru-RU", "#lang=en", "en")]
)
def test_the_page_speaks_the_browsers_language_unless_the_address_names_one(visit, locale, link, language):
    expect(visit(link, locale=locale).locator("html")).to_have_attribute("lang", language)
