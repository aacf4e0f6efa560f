"""The pages: every block runs and prints what it shows, twins agree, tables say what the code says.

A ```python block prints what its ``# ->`` comments show, line by line; the blocks of a page share one
namespace and one temporary folder. In a ```console block ``$ soloneuron ...`` runs the command line and
``$ cat FILE`` shows a file; the lines below a command occur in its output in that order, and ``...`` stands
for what is left out, in a line or between lines. Twins have the same blocks byte for byte, so those of the
English page are run.
"""

import argparse
import inspect
import json
import re
import runpy
import shlex
import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from soloneuron.cli import main
from soloneuron.cli.parser import make_parser
from soloneuron.data.catalogue import DATASETS
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.formulas.catalogue import LOSSES, PENALTIES
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.lessons import LESSONS
from soloneuron.records.history import OutcomeKind
from soloneuron.texts import LANGUAGES, text
from soloneuron.training.prepare import prepare

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TEXTS = ROOT / "src" / "soloneuron" / "texts"
TWINS = [(page, DOCS / "ru" / page.name) for page in sorted((DOCS / "en").glob("*.md"))]
TWINS += [(ROOT / "README.md", ROOT / "README.ru.md")]
TWINS = [pair for pair in TWINS if all(page.exists() for page in pair)]
MANUAL = [page for language in LANGUAGES for page in sorted((DOCS / language).glob("*.md"))]
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("README*.md"))]

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
SPEED = re.compile(r"\d\s*(times faster|x faster|µs|ms\b|мкс|мс\b|раза? быстрее)")


@dataclass
class Page:
    """A Markdown page in parts: headings, the prose under each, and fenced blocks (kind, line, text)."""

    headings: list[tuple[int, str]]
    prose: list[str]
    blocks: list[tuple[str, int, str]]

    @property
    def tables(self):
        """Every table: its rows, the header first, each a list of cells."""
        found = re.findall(r"(?:^\|.*\|$\n?)+", "\n".join(self.prose), re.M)
        return [
            [cells(row) for row in table.splitlines() if not re.fullmatch(r"[|\s:-]+", row)]
            for table in found
        ]


def read(path):
    page, fence = Page([], [""], []), None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            if fence is None:
                fence = (line[3:].strip(), number, [])
            else:
                page.blocks.append((fence[0], fence[1], "\n".join(fence[2])))
                fence = None
        elif fence is not None:
            fence[2].append(line)
        elif heading := re.fullmatch(r"(#+) (.*)", line):
            page.headings.append((len(heading[1]), heading[2]))
            page.prose.append("")
        else:
            page.prose[-1] += line + "\n"
    assert fence is None, f"{path.name}: the block of line {fence[1]} is not closed"
    return page


def cells(row):
    parts = re.split(r"(?<!\\)\|", row.strip())[1:-1]
    return [part.strip().replace("\\|", "|") for part in parts]


def plain(row):
    return [cell.strip("`") for cell in row]


def numbers(prose):
    """The numbers of a text, however a language separates thousands and decimals."""
    thousands = re.sub(r"(?<![\d.,])[1-9]\d{0,2}(?:[,\u00a0\u202f]\d{3})+(?![\d.,]\d)", _join, prose)
    return Counter(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", thousands)))


def _join(match):
    return re.sub(r"\D", "", match[0])


def squeezed(prose):
    return " ".join(prose.split())


def name(path):
    return path.relative_to(ROOT).as_posix()


def named(pages):
    return {"argvalues": pages, "ids": [name(page if isinstance(page, Path) else page[0]) for page in pages]}


# --- blocks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", **named([english for english, _ in TWINS]))
def test_every_block_prints_what_it_shows(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for colors in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(colors, raising=False)
    namespace = {"__name__": "page"}
    for kind, line, block in read(page).blocks:
        place = f"{name(page)}:{line}"
        if kind == "python":
            exec(compile(block, place, "exec"), namespace)
            shown = [printed.rstrip() for printed in re.findall(r"# ->(?: (.*))?$", block, re.M)]
            assert [printed.rstrip() for printed in capsys.readouterr().out.splitlines()] == shown, place
        elif kind == "console":
            run_console(block, place, capsys)


def run_console(block, place, capsys):
    output = None
    for line in block.splitlines():
        if line.startswith("$ "):
            output = iter(run_command(shlex.split(line[2:]), place, capsys))
        elif line.strip() not in ("", "..."):
            assert output is not None, f"{place}: {line!r} stands before any command"
            shown = re.compile(re.escape(line.rstrip()).replace(re.escape("..."), ".*"))
            assert any(shown.fullmatch(printed) for printed in output), (
                f"{place}: {line!r} is not in the output, or not there"
            )


def run_command(words, place, capsys):
    match words:
        case ["soloneuron", *arguments]:
            try:
                code = main(arguments)
            except SystemExit as leave:
                code = leave.code
            printed = capsys.readouterr()
            assert code == 0, f"{place}: exit code {code}: {printed.err}"
            return [line.rstrip() for line in (printed.out + printed.err).splitlines()]
        case ["cat", path]:
            return Path(path).read_text(encoding="utf-8").splitlines()
    raise AssertionError(f"{place}: a console block runs soloneuron or cat, got {words[0]}; write ```bash")


MEASURED = json.loads((resources.files("soloneuron.optimizers") / "measured.json").read_text())

MEASURED_RATES = {
    f"{cost[1]:.2g}" for row in MEASURED["costs"].values() for cost in row.values() if cost is not None
}
"""The rates on the cards of the optimizers; the tests of the cards measure them again."""


@pytest.mark.parametrize("page", **named(MANUAL))
def test_a_long_decimal_in_the_prose_stands_in_a_block_of_the_page(page):
    parts = read(page)
    computed = numbers("\n".join(block for _, _, block in parts.blocks))
    # What is generated is held against what it was measured by in a test of its own.
    prose = re.sub(r"<!-- \w.*?<!-- end -->", "", "\n".join(parts.prose), flags=re.S)
    prose = re.sub(r"`[^`]*`", "", prose)
    quoted = {number for number in numbers(prose) if re.fullmatch(r"\d+\.\d{3,}", number)}
    assert quoted <= set(computed) | MEASURED_RATES


@pytest.mark.parametrize("page", **named(MANUAL))
def test_a_page_that_quotes_a_speed_names_the_benchmark_that_printed_it(page):
    assert not SPEED.search("\n".join(read(page).prose)) or "python benchmarks/" in page.read_text()


# --- twins ------------------------------------------------------------------------------------------------


def test_every_page_has_its_twin():
    english, russian = ({page.name for page in (DOCS / language).glob("*.md")} for language in LANGUAGES)
    assert english == russian
    assert (ROOT / "README.md").exists()
    assert (ROOT / "README.ru.md").exists()


@pytest.mark.parametrize("pair", **named(TWINS))
def test_twins_have_the_same_headings_in_number_and_level(pair):
    english, russian = ([level for level, _ in read(page).headings] for page in pair)
    assert english == russian


@pytest.mark.parametrize("pair", **named(TWINS))
def test_twins_have_the_same_blocks_byte_for_byte(pair):
    english, russian = ([(kind, block) for kind, _, block in read(page).blocks] for page in pair)
    assert english == russian


@pytest.mark.parametrize("pair", **named(TWINS))
def test_twins_have_the_same_numbers_under_each_heading(pair):
    english, russian = map(read, pair)
    titles = ["", *(title for _, title in english.headings)]
    for title, one, other in zip(titles, english.prose, russian.prose, strict=True):
        assert numbers(one) == numbers(other), f"under {title!r}"


@pytest.mark.parametrize("pair", **named(TWINS))
def test_twins_have_tables_of_the_same_size(pair):
    english, russian = ([[len(row) for row in table] for table in read(page).tables] for page in pair)
    assert english == russian


# --- texts ------------------------------------------------------------------------------------------------


def sentences(path):
    def walk(table, where):
        for key, value in table.items():
            if isinstance(value, dict):
                yield from walk(value, (*where, key))
            else:
                yield ".".join((*where, key)), value

    return dict(walk(tomllib.loads(path.read_text(encoding="utf-8")), ()))


def fields(sentence):
    return {field.partition("!")[0] for _, field, _, _ in Formatter().parse(sentence) if field}


def test_both_languages_have_the_same_files_of_texts():
    english, russian = ({path.name for path in (TEXTS / language).glob("*.toml")} for language in LANGUAGES)
    assert english == russian


@pytest.mark.parametrize("room", sorted(path.name for path in (TEXTS / "en").glob("*.toml")))
def test_both_languages_have_the_same_texts_with_the_same_fields(room):
    english, russian = (sentences(TEXTS / language / room) for language in LANGUAGES)
    assert english.keys() == russian.keys()
    for key, sentence in english.items():
        assert fields(sentence) == fields(russian[key]), key


# --- links ------------------------------------------------------------------------------------------------


def anchors(path):
    """The names GitHub gives to the headings of a page."""
    words = (re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for _, title in read(path).headings)
    return set(words)


@pytest.mark.parametrize("page", **named(PAGES))
def test_links_between_pages_resolve(page):
    for target in LINK.findall("\n".join(read(page).prose)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), target
        assert not anchor or anchor in anchors(goal), target


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_pages_that_lessons_name_are_there(lesson, language):
    path, _, anchor = text(language, f"lessons.{lesson}.docs").partition("#")
    assert anchor in anchors(DOCS / language / path)


# --- pages that tell what the code tells ------------------------------------------------------------------


GENERATED = runpy.run_path(str(ROOT / "scripts" / "generate"))


@pytest.mark.parametrize(
    ("path", "wanted"), [pytest.param(*pair, id=name(pair[0])) for pair in GENERATED["pages"]()]
)
def test_generated_parts_of_the_docs_are_what_the_catalogues_say(path, wanted):
    assert path.read_text(encoding="utf-8") == wanted, "run scripts/generate"


@pytest.mark.parametrize(
    ("path", "wanted"), [pytest.param(*pair, id=name(pair[0])) for pair in GENERATED["stubs"]()]
)
def test_stubs_name_every_class_of_the_catalogues(path, wanted):
    assert path.read_text(encoding="utf-8") == GENERATED["named"](path, wanted), "run scripts/generate"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["losses", "optimizers", "command-line", "playground"])
def test_every_entry_of_a_catalogue_stands_in_a_table_of_its_page(page, language):
    """A page without marks would pass the comparison with what is generated."""
    catalogues = {
        "losses": (LOSSES, PENALTIES),
        "optimizers": (OPTIMIZERS,),
        "command-line": (EXPERIMENTS, DATASETS),
        "playground": (LESSONS,),
    }
    first = [[plain(row)[0] for row in table[1:]] for table in read(DOCS / language / f"{page}.md").tables]
    for catalogue in catalogues[page]:
        assert list(catalogue) in first


LISTED = (set(LOSSES), set(PENALTIES), set(OPTIMIZERS))
"""Choices that stand on a page of their own, to which the option links."""


def commands():
    parser = make_parser()
    (group,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {"soloneuron": parser, **group.choices}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", commands())
def test_the_page_of_the_command_line_has_every_option_with_its_default(command, language):
    rows = [row for table in read(DOCS / language / "command-line.md").tables for row in table]
    for action in commands()[command]._actions:
        if not action.option_strings or isinstance(action, argparse._HelpAction):
            continue
        for option in action.option_strings:
            own = [row for row in rows if re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", row[0])]
            assert own, option
        if action.default not in (None, False, [], argparse.SUPPRESS):
            assert any(f"`{action.default}`" in cell for row in own for cell in row), action.option_strings
        members = next((kind for kind in LISTED if kind <= set(action.choices or ())), set())
        assert not members or any("](" in cell for row in own for cell in row), action.option_strings
        for choice in set(action.choices or ()) - members:
            assert any(f"`{choice}`" in cell for row in own for cell in row), (action.option_strings, choice)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_command_line_has_every_command(language):
    headings = [title for _, title in read(DOCS / language / "command-line.md").headings]
    for command in commands():
        assert any(f"`{command}`" in title for title in headings), command


@pytest.mark.parametrize("page", **named(MANUAL))
def test_every_option_a_page_names_is_one_of_the_parser(page):
    known = {
        option
        for parser in commands().values()
        for action in parser._actions
        for option in action.option_strings
    }
    parts = read(page)
    lines = [line for kind, _, block in parts.blocks if kind == "console" for line in block.splitlines()]
    told = "\n".join([*parts.prose, *(line for line in lines if line.startswith("$ soloneuron"))])
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", told)) <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fields_of_the_model_file_are_explained(language, tmp_path, capsys):
    model, run = tmp_path / "model.json", tmp_path / "run.json"
    assert main(["train", "--quiet", "--epochs", "1", "-o", str(model), "--save-run", str(run)]) == 0
    assert capsys.readouterr().out == ""
    told = "\n".join(read(DOCS / language / "command-line.md").prose)
    for path in (model, run):
        for field in json.loads(path.read_text(encoding="utf-8")):
            assert f"`{field}`" in told, (path.name, field)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_has_every_letter_setting_and_outcome(language):
    page = read(DOCS / language / "glossary.md")
    first = {plain(row)[0] for table in page.tables for row in table}
    letters = {"X", "y", "z", "p", "theta", "g", "s", "n", "d", "m", "K", "E", "R"}
    settings = set(inspect.signature(prepare).parameters)
    assert letters | settings | set(get_args(OutcomeKind)) <= first


def test_the_glossary_says_the_same_in_both_languages():
    english, russian = (read(DOCS / language / "glossary.md").tables for language in LANGUAGES)
    assert [table[1:] for table in english] == [table[1:] for table in russian]
