"""The report as PDF: printed by a browser, refused in a sentence where there is none."""

import re
import sys

import pytest

from chromium import CHROMIUM, needs_chromium
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.report.pdf import signed_pdf

pytestmark = pytest.mark.usefixtures("measured_once")

PART = ("report", "--only", "condition,nesterov_nag", "--quiet")


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_report_is_printed_whole_and_may_be_replaced_by_a_report(solo, folder, monkeypatch, language):
    monkeypatch.setenv("BROWSER_PATH", CHROMIUM)
    for _ in range(2):
        answer = solo(*PART, "--lang", language, "-o", "report.pdf")
        assert (answer.code, answer.err) == (0, "")
    content = (folder / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    # Four cards of the catalogue fill a page.
    assert 6 <= content.count(b"/Type /Page\n") <= 16 + len(OPTIMIZERS) / 4
    assert b"/Creator (soloneuron" in content[:4096]
    # What the trailer says of places is true: the signature is as long as what it replaced.
    start = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    assert content[start : start + 4] == b"xref"


def test_without_a_browser_the_work_does_not_begin_and_a_sentence_says_what_to_do(solo, monkeypatch, folder):
    monkeypatch.setattr("choreographer.browsers.chromium.Chromium.find_browser", lambda **_: None)
    answer = solo(*PART, "-o", "report.pdf", "--save", "f.json")
    assert answer.code == 2
    assert answer.err == (
        "soloneuron: writing PDF needs a Chrome or Chromium that works, and none did it: install one, "
        "or name it in BROWSER_PATH, or write .html and print it\n"
    )
    assert not (folder / "f.json").exists()
    assert (
        "чтобы писать PDF, нужен работающий Chrome или Chromium"
        in solo(*PART, "-o", "r.pdf", "--lang", "ru").err
    )


def test_without_the_extra_it_is_named(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "choreographer.browsers.chromium", None)
    assert "pip install 'soloneuron[pdf]'" in refused(*PART, "-o", "report.pdf")


@pytest.mark.slow
@needs_chromium
def test_where_the_browser_cannot_start_what_was_measured_is_kept(solo, folder, monkeypatch):
    monkeypatch.setattr("choreographer.browsers.chromium.Chromium.find_browser", lambda **_: sys.executable)
    answer = solo(*PART, "-o", "report.pdf", "--save", "f.json")
    assert answer.code == 2
    assert "none did it" in answer.err
    assert (folder / "f.json").exists()


def test_a_signed_pdf_is_as_long_as_it_was():
    plain = b"%PDF-1.4\n1 0 obj\n<</Creator (Mozilla/5.0 \\(X11\\))>>"
    assert signed_pdf(plain) == plain.replace(b"Mozilla/5.", b"soloneuron")
    assert signed_pdf(b"%PDF-1.4\n<</Creator (A)>>") == b"%PDF-1.4\n<</Creator (A)>>"
