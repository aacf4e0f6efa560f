"""The page as a text: the same every time, with all that it needs, and a word to whoever cannot run it."""

import re

import pytest

from soloneuron.playing.page import playground_page
from soloneuron.texts import LANGUAGES, text
from soloneuron.view.assets import POLICY


def test_the_page_is_the_same_every_time():
    playground_page.cache_clear()
    one = playground_page()
    playground_page.cache_clear()
    assert playground_page() == one


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_the_page_knows_the_language_that_it_was_made_in(language):
    assert f'<body data-language="{language}">' in playground_page(language)


def test_nothing_of_the_template_is_left_and_nothing_is_loaded():
    page = playground_page()
    assert not re.search(r"\[\[[a-z]+\]\]", page)
    assert not re.search(r"<link[^>]*href=\"(?!data:)|<script[^>]*\ssrc=|@import|url\(", page)
    assert f'content="{POLICY}"' in page
    assert "connect-src" not in POLICY


def test_whoever_runs_no_script_is_told_in_both_languages():
    (told,) = re.findall("<noscript>(.*?)</noscript>", playground_page())
    assert all(text(language, "playground.page.script") in told for language in LANGUAGES)
