"""The page is whole, in both languages, and asks nothing of a network."""

import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from markupsafe import escape

from soloneuron.data.catalogue import make_dataset
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.own_data import own_data
from soloneuron.experiments.tuning import RACERS
from soloneuron.figures.runs import run_charts
from soloneuron.records.findings import Sheet
from soloneuron.records.run import Source
from soloneuron.records.study import OwnRows, Study
from soloneuron.report.document import packed_plotly, parts
from soloneuron.report.filters import as_csv, cell_text
from soloneuron.report.page import make_page
from soloneuron.report.plots import plots_page
from soloneuron.texts import LANGUAGES, text
from soloneuron.texts.phrases import Phrase
from soloneuron.view import replay
from study_sizes import small

NAMES = ("assignment", "rate_cliff", "plateau", "nesterov_nag")


def made(findings, language="en", **more):
    return make_page(Study(tuple(findings), "soloneuron report", {"soloneuron": "1"}, **more), language)


@pytest.fixture(scope="module")
def findings():
    return [small(name).run() for name in NAMES]


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request, findings):
    return request.param, made(findings, request.param)


def racers_of(found):
    """The runs of a race among those that an experiment keeps."""
    return {name: run for name, run in found.runs.items() if name in RACERS}


def table(sheet, language, name):
    """A table alone, as the pages show it."""
    return str(parts(language).get_template("parts.html.j2").module.table(sheet, name))


class Balance(HTMLParser):
    """Counts what is opened and closed, and gathers addresses."""

    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.ids = [], [], set()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.addresses += [found[name] for name in ("src", "href", "action", "data") if found.get(name)]
        self.ids |= {found["id"]} if "id" in found else set()
        if tag not in ("meta", "link", "br", "input", "img", "path", "rect", "line", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and tag in self.open:
            while self.open.pop() != tag:
                pass


def test_the_page_asks_nothing_of_a_network(page):
    _, html = page
    parser = Balance()
    parser.feed(html)
    assert parser.open == []
    assert all(address.startswith(("#", "data:")) for address in parser.addresses)
    assert {
        address[1:] for address in parser.addresses if len(address) > 1 and address[0] == "#"
    } <= parser.ids


def test_the_page_is_small_enough_to_share(page):
    _, html = page
    assert len(html.encode()) < 3_000_000


def test_every_conclusion_stands_in_one_list_and_again_beside_its_figures(page, findings):
    language, html = page
    for found in findings:
        for verdict in found.verdicts:
            assert html.count(str(escape(verdict.phrase.say(language)))) >= 2
    places = (
        'class="five"',
        'id="theory"',
        'id="proof"',
        'class="chapters"',
        '<section id="assignment"',
        'id="setup"',
    )
    assert [html.index(place) for place in places] == sorted(html.index(place) for place in places)


def test_the_russian_page_has_no_english_sentence(findings):
    html = made(findings, "ru")
    visible = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", html, flags=re.S)
    visible = re.sub(r"<pre>.*?</pre>|<svg.*?</svg>|<[^>]+>", " ", visible, flags=re.S)
    assert not re.search(r"\b(the|and|with|of|is|are)\b [a-z]+", visible)


def test_every_figure_says_its_result_to_those_who_do_not_see_it(page):
    _, html = page
    labels = re.findall(r'class="plot" role="img" tabindex="0" aria-label="([^"]+)"', html)
    assert len(labels) == html.count('class="plot"') > 5
    assert all(len(label) > 60 for label in labels)


def test_a_chapter_without_findings_is_left_out(findings):
    html = made(findings[:1])
    assert 'id="chapter-assignment"' in html
    assert 'id="chapter-loss"' not in html


def test_the_contents_lead_to_every_part_of_the_page_in_its_order(page):
    language, html = page
    label, links = re.search(r'<nav class="contents" aria-label="([^"]+)">(.*?)</nav>', html).groups()
    assert label == text(language, "report.contents")
    links = re.findall(r'<a href="#([^"]+)">(.*?)</a>', links)
    places = [html.index(f'id="{place}"') for place, _ in links]
    assert places == sorted(places)
    assert {"theory", "proof", "method", "setup"} < {place for place, _ in links}
    assert all(
        title in html[place:] or title in html[:place]
        for place, (_, title) in zip(places, links, strict=True)
    )
    assert html.index('class="five"') < html.index("<nav") < html.index('id="theory"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_that_were_not_asked_stand_beside_the_reason(findings, language):
    reason = Phrase("study.imbalance.not_asked", {"share": 41.0, "most": 20.0})
    note = Phrase("study.own.held_apart", {"alpha": 0.001})
    source = Source("mine.csv", "ab" * 32, 9)
    own = OwnRows(source, ("a", "b"), "churn", ("no", "yes"), (4, 5), (note,), {"imbalance": reason})
    html = made(findings[1:2], language, own=own)
    question = text(language, "study.imbalance.question")
    assert f"<b>{question}</b> {reason.say(language)}" in html
    assert note.say(language) in html


@pytest.fixture(scope="module")
def raced():
    return small("features").run()


def test_the_first_picture_is_a_race_of_six_that_plays(raced, findings):
    html = made([*findings, raced], "ru")
    assert html.index('class="five"') < html.index("<iframe") < html.index('class="plot"')
    page = unescape(re.search(r'<iframe class="replay" title="([^"]+)" srcdoc="([^"]+)">', html)[2])
    racers = racers_of(raced)
    assert page == replay(racers, "ru")
    assert list(racers) == list(RACERS)
    assert len({run.recipe.learning_rate for run in racers.values()}) > 1
    assert len(page.encode()) < 150_000
    assert len(html.encode()) < 3_000_000


def test_on_own_data_the_race_on_them_is_the_first_picture():
    rows = own_data(make_dataset("clouds"))
    found = EXPERIMENTS.load("race")(data=rows, epochs=4, seeds=1).run()
    html = made([found])
    assert set(found.runs) <= set(RACERS)
    assert f"{len(found.runs)} optimizers from the same start" in html
    assert '<p class="raced"><a href="#race">' in html
    assert all(run.data is rows.even for run in found.runs.values())


def test_without_its_experiment_there_is_no_race(page):
    assert "<iframe" not in page[1]


def test_an_empty_head_of_a_table_is_no_header(raced):
    html = table(raced.sheets[0], "en", "t")
    assert '<th scope="col"></th>' not in html
    assert html.count("<td></td>") == 2


def test_figures_of_runs_that_race_begin_with_the_race_and_others_do_without(raced):
    runs = dict(list(racers_of(raced).items())[:2])
    page = plots_page(run_charts(runs), runs)
    assert page.index("<iframe") < page.index('class="plot"')
    first, second = runs.values()
    other = replace(second, data=replace(second.data, labels=1 - second.data.labels))
    assert "<iframe" not in plots_page({}, {"a": first, "b": other})


def test_the_library_is_packed_the_same_way_every_time():
    assert packed_plotly() == packed_plotly()


SHEET = Sheet(Phrase("study.condition.table"), ("<b>", "n"), (("a&b", 0.123456789), (None, 1e9)))


def test_a_table_is_escaped_and_its_csv_keeps_all_digits():
    html = table(SHEET, "en", "t")
    assert "&lt;b&gt;" in html
    assert "a&amp;b" in html
    assert "0.123456789" in as_csv(SHEET, "en")


def test_a_csv_comes_out_of_its_script_element_as_it_went_in():
    rows = (("</script><!--", 0.5), ("\\u003c", None), ('x "\ny', 1e9), ("'&\u2028", 1.0))
    sheet = Sheet("t", ("a<b", "n"), rows)
    element = re.search(r'<script type="application/json">(.*?)</script>', table(sheet, "en", "t"), re.DOTALL)
    assert "<" not in element[1]
    assert json.loads(element[1]) == as_csv(sheet, "en")
    assert "a<b,n\n</script><!--,0.5" in as_csv(sheet, "en")


def test_cells_are_short():
    assert [cell_text(cell, "en") for cell in (None, 0.123456, 7, "x", 1.5e9)] == [
        "–",
        "0.1235",
        "7",
        "x",
        "1.500e+09",
    ]


def test_the_title_is_worded():
    assert text("ru", "report.title") != text("en", "report.title")
