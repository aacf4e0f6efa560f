"""What else people look at: axe finds nothing to mend in manual, page of a class and views of a notebook."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

from chromium import PATIENCE, needs_chromium
from covering import covering
from homework_workers import HOMEWORK, WorkersHere
from soloneuron import check, compare, compile_graph, fit, minimize, sweep
from soloneuron.checking import workers
from soloneuron.data.catalogue import make_dataset
from soloneuron.element import Element
from soloneuron.manual.page import manual_page
from soloneuron.texts import LANGUAGES
from soloneuron.texts.language import language as choose_language

pytestmark = [needs_chromium, pytest.mark.slow]

CELL = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<style>body {{ background: {ground}; color: {letters}; font: 14px system-ui, sans-serif }}</style>
<body{theme}><main><h1>{title}</h1>{shown}</main></body></html>"""
"""A notebook as far as its outputs go; a dark one says so in an attribute of its body, as Jupyter does."""

GROUNDS = {"light": ("#fff", "#000", ""), "dark": ("#111", "#fff", ' data-jp-theme-light="false"')}


@pytest.fixture
def violations(browser, tmp_path):
    """What axe finds in a page that stands on the disk."""

    def found(html, *, scheme, width):
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto((tmp_path / "page.html").as_uri())
        report = Axe().run(page)
        context.close()
        return report

    return found


CASES = covering(LANGUAGES, (("light", 1280), ("dark", 390)), strength=1)


@pytest.mark.parametrize(("language", "shown"), CASES)
def test_in_the_manual_nothing_is_to_mend(violations, language, shown):
    found = violations(manual_page(language), scheme=shown[0], width=shown[1])
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("language", "shown"), CASES)
def test_in_the_page_of_a_class_nothing_is_to_mend(violations, solo, folder, monkeypatch, language, shown):
    monkeypatch.setattr(workers, "best_workers", WorkersHere)
    (folder / "work").mkdir()
    for name in ("right/element_value_like.py", "wrong/element_mul_own_data.py", "wrong/neuron_ascent.py"):
        shutil.copy(HOMEWORK / name, folder / "work")
    (folder / "work" / "empty.py").write_text("")
    solo("check", "work", "-o", "class.html", "--lang", language)
    page = (folder / "class.html").read_text(encoding="utf-8")
    found = violations(page, scheme=shown[0], width=shown[1])
    assert found.violations_count == 0, found.generate_report()


class Overwriting(Element):
    """An autograd class with a fault to tell of."""

    def __mul__(self, other):
        return super().__add__(other)


def views():
    """Everything that shows itself in a notebook, small."""
    data = make_dataset("clouds")
    run = fit(data, epochs=3)
    w, x = Element(0.5, "w"), Element(2.0, "x")
    return {
        "run": run,
        "model": run.model(),
        "sweep": sweep(data, learning_rate=[0.1, 0.2], epochs=3),
        "descent": minimize("ravine", steps=5),
        "comparison": compare(data, ["gradient_descent", "adam"], budget=6, seeds=2),
        "check": check(Overwriting, task="element"),
        "compiled": compile_graph((w * x).tanh(), [w]),
    }


@pytest.fixture
def spoken():
    """Choose a language; English is spoken again at the end."""
    yield choose_language
    choose_language("en")


@pytest.mark.parametrize(("language", "shown"), CASES)
def test_in_what_notebooks_show_nothing_is_to_mend(violations, spoken, language, shown):
    scheme, width = shown
    spoken(language)
    ground, letters, theme = GROUNDS[scheme]
    parts = "".join(f"<h2>{name}</h2>{view._repr_html_()}" for name, view in views().items())
    page = CELL.format(
        language=language, title="notebook", ground=ground, letters=letters, theme=theme, shown=parts
    )
    found = violations(page, scheme=scheme, width=width)
    assert found.violations_count == 0, found.generate_report()
