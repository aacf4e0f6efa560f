"""Names that somebody else chose are shown as they are, and never become a part of a page."""

import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from soloneuron.data.catalogue import make_dataset
from soloneuron.experiments.trained import train_run
from soloneuron.figures.runs import run_charts
from soloneuron.records.findings import Findings, Sheet, Verdict
from soloneuron.records.run import Source
from soloneuron.records.study import OwnRows, Study
from soloneuron.report.page import make_page
from soloneuron.report.plots import plots_page
from soloneuron.texts import LANGUAGES
from soloneuron.texts.phrases import Phrase
from soloneuron.view import replay

NAME = "\"'><script>alert(1)</script><x-element a='&amp;"
"""Whatever place it gets into unescaped, it leaves."""


class Elements(HTMLParser):
    """Gathers the kinds of elements and attributes, and what is read: text and the values of attributes."""

    def __init__(self, page):
        super().__init__()
        self.kinds, self.read = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.kinds |= {tag, *(name for name, _ in attributes)}
        self.read += [value or "" for _, value in attributes]

    def handle_data(self, data):
        self.read.append(data)


def data():
    return replace(make_dataset("clouds"), name=NAME, feature_names=(NAME, "b"), classes=("no", NAME))


@pytest.fixture(scope="module")
def runs():
    one = train_run(data(), optimizer="adam", learning_rate=0.2, epochs=3)
    two = train_run(data(), optimizer="momentum", learning_rate=0.1, epochs=3)
    return {NAME: one, "b": two}


def study(runs):
    """A page of findings whose every free word is the name."""
    said = Phrase("figures.run_still", {"name": NAME, "outcome": NAME})
    found = Findings(
        "race", {}, (Verdict("one", True, said),), (Sheet(said, (NAME, "n"), ((NAME, 1.0),)),), (),
        {"adam": runs[NAME]}, said,
    )  # fmt: skip
    own = OwnRows(
        Source(NAME, NAME, 300), (NAME, "b"), NAME, ("no", NAME), (150, 150), (said,), {"imbalance": said}
    )
    return lambda language: make_page(Study((found,), NAME, {NAME: NAME}, own=own), language)


PAGES = {
    "report": study,
    "plots": lambda runs: lambda language: plots_page(run_charts(runs), runs, language),
    "replay": lambda runs: lambda language: replay(runs, language),
}


def made(kind, runs, language):
    """The pages: that of the kind, and what stands in its frames."""
    page = PAGES[kind](runs)(language)
    return [page, *map(unescape, re.findall(r'srcdoc="([^"]*)"', page))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_a_title_a_column_a_class_and_a_run_are_words_and_never_markup(kind, runs, language):
    pages = made(kind, runs, language)
    assert len(pages) == (1 if kind == "replay" else 2)
    for page in pages:
        assert "x-element" not in Elements(page).kinds
        assert "<script>alert(1)" not in page
    assert any(NAME in read for read in Elements(pages[0]).read)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_report_says_of_own_rows_is_escaped_everywhere(runs, language):
    read = Elements(study(runs)(language)).read
    assert sum(word.count(NAME) for word in read) >= 15
    data = [json.loads(word) for word in read if word.startswith('"') and "\\u003c" in word]
    assert len(data) == 1
    assert NAME.replace('"', '""') in data[0]
