"""The site has every page once, every public name, and no link that leads nowhere."""

import re
import runpy
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import soloneuron
from soloneuron.manual.page import heading_anchor

ROOT = Path(__file__).parents[2]
SITE = runpy.run_path(str(ROOT / "scripts" / "site"))


@pytest.mark.parametrize("language", SITE["LANGUAGES"])
def test_every_page_stands_once_in_the_menu(language):
    placed = Counter(name for _, names in SITE["sections"](language) for name in names)
    assert placed == Counter(path.stem for path in (ROOT / "docs" / language).glob("*.md"))


def test_every_public_name_stands_in_the_reference():
    named = {place.rsplit(".", 1)[1] for places in SITE["public_names"]().values() for place in places}
    assert set(soloneuron.__all__) - {"element", "optimizers"} <= named


def test_settings_are_toml_that_says_what_was_meant(tmp_path):
    (tmp_path / "a.toml").write_text(
        SITE["config"]("ru", [{"Раздел": [{'«a» \\ "b"': "a.md"}]}]), encoding="utf-8"
    )
    settings = tomllib.loads((tmp_path / "a.toml").read_text(encoding="utf-8"))["project"]
    assert settings["theme"]["language"] == "ru"
    assert settings["nav"] == [{"Раздел": [{'«a» \\ "b"': "a.md"}]}]
    assert settings["plugins"]["mkdocstrings"]["handlers"]["python"]["options"]["line_length"] == 76
    assert "site_url" not in settings


def test_links_of_built_pages_are_followed(tmp_path):
    (tmp_path / "a.html").write_text('<h1 id="top">A</h1><a href="b.html#x">b</a><a href="c.html">c</a>')
    (tmp_path / "b.html").write_text(
        '<p id="y"></p><a href="a.html#top">a</a><img src="no.png"><a href="https://x.org">x</a>'
    )
    assert list(SITE["broken"](tmp_path)) == [
        ("a.html", "b.html#x"),
        ("a.html", "c.html"),
        ("b.html", "no.png"),
    ]


def test_a_page_brings_along_what_it_links_to(tmp_path):
    staging = SITE["Staging"]("en", tmp_path)
    staging.place(ROOT / "docs" / "en" / "for-teachers.md")
    assert "(project/SECURITY.md)" in (tmp_path / "for-teachers.md").read_text(encoding="utf-8")
    assert (tmp_path / "project" / "SECURITY.md").exists()


@pytest.mark.parametrize("language", SITE["LANGUAGES"])
def test_every_symptom_leads_to_lines_that_show_it(language):
    """Those lines are run with all blocks of the page."""
    page = (ROOT / "docs" / language / "symptoms.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[[^\]]+\]\(#([^)]+)\)", page, re.M)
    parts = re.split(r"^## ", page, flags=re.M)[1:]
    shown = [heading_anchor(part.partition("\n")[0]) for part in parts]
    assert rows == shown
    assert all("```python\n" in part and "# -> " in part for part in parts)
