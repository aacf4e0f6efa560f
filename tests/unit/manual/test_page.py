"""The manual is one page that needs nothing from elsewhere, and every link in it arrives."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from soloneuron.cli import main
from soloneuron.manual.page import heading_anchor, manual_page
from soloneuron.manual.sources import sections
from soloneuron.texts import LANGUAGES


class Read(HTMLParser):
    """The names within a page, and what it leads to or loads."""

    def __init__(self, page):
        super().__init__()
        self.names, self.targets, self.tags = [], [], set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        self.tags.add(tag)
        self.names += [said["id"]] if "id" in said else []
        self.targets += [said[key] for key in ("href", "src") if key in said]


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request):
    return request.param, manual_page(request.param)


def test_every_link_arrives_and_nothing_is_loaded(page):
    read = Read(page[1])
    assert len(read.names) == len({*read.names})
    inside = {unquote(target[1:]) for target in read.targets if target.startswith("#")}
    assert inside <= {*read.names}
    assert len(inside) > 40
    elsewhere = [target for target in read.targets if not re.match("#|data:|https?://", target)]
    assert elsewhere == []
    assert "link" in read.tags
    assert not re.search(r"<(script|img|iframe|link)[^>]+https?:", page[1])


def test_every_page_is_in_it(page):
    language, html = page
    for section in sections(language):
        assert f"<h2>{section.title}</h2>" in html
        for path in section.pages:
            assert f'<article id="{path.stem}">' in html


def test_every_column_of_a_table_has_a_head(page):
    assert "<th></th>" not in page[1]


def test_its_size_is_bounded(page):
    assert len(page[1].encode()) < 1_500_000


def test_headings_are_called_as_on_github():
    assert heading_anchor("`train`") == "train"
    assert heading_anchor("inf, хотя есть clamp") == "inf-хотя-есть-clamp"
    assert heading_anchor("Stuck at 0.693") == "stuck-at-0693"


def test_the_command_writes_opens_and_says_where(tmp_path, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setenv("SOLONEURON_CACHE", str(tmp_path / "cache"))
    assert main(["docs", "symptoms", "--lang", "ru"]) == 0
    (written,) = (tmp_path / "cache").iterdir()
    assert capsys.readouterr().out == f"страницы записаны в {written}\n"
    assert opened == [written.as_uri() + "#symptoms"]
    assert main(["docs", "--no-open", "-o", str(tmp_path / "a.html")]) == 0
    assert main(["docs", "--no-open", "-o", str(tmp_path / "a.html")]) == 0
    assert len(opened) == 1
    assert '<html lang="en">' in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_an_unknown_page_is_refused_with_the_nearest(capsys):
    assert main(["docs", "symptom", "--no-open"]) == 2
    assert "did you mean 'symptoms'?" in capsys.readouterr().err
    assert main(["docs", "neurn", "--no-open", "--lang", "ru"]) == 2
    assert "возможно, 'neuron'?" in capsys.readouterr().err
