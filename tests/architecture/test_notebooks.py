"""The notebooks are what their sources make; the twins run the same code; and they run to their end."""

import io
import re
import runpy
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts/notebooks"))


def cells(path):
    import nbformat

    return [(cell.id, cell.cell_type, cell.source) for cell in nbformat.read(path, as_version=4).cells]


@pytest.mark.parametrize("source", SCRIPT["SOURCES"], ids=lambda source: source.stem)
def test_a_notebook_is_what_its_source_makes(source):
    built = SCRIPT["built"](source)
    assert cells(SCRIPT["target"](source)) == [(c.id, c.cell_type, c.source) for c in built.cells]


def skeleton(source):
    """The code without its words: comments and what stands in strings."""
    text = source.read_text(encoding="utf-8")
    kinds = (tokenize.COMMENT, tokenize.STRING, tokenize.NL, getattr(tokenize, "FSTRING_MIDDLE", -1))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type not in kinds]


def test_twins_run_the_same_code():
    english, russian = (ROOT / f"notebooks/source/assignment.{language}.py" for language in ("en", "ru"))
    assert skeleton(english) == skeleton(russian)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("source", SCRIPT["SOURCES"], ids=lambda source: source.stem)
def test_a_notebook_runs_to_its_end_and_prints_what_it_shows(source):
    import nbformat

    done = SCRIPT["executed"](SCRIPT["built"](source))
    shown = nbformat.read(SCRIPT["target"](source), as_version=4)
    for now, then in zip(done.cells, shown.cells, strict=True):
        if now.cell_type != "code":
            continue
        # What is printed comes in pieces of any size.
        kinds = [[sorted(out.data) for out in cell.outputs if "data" in out] for cell in (now, then)]
        assert kinds[0] == kinds[1], now.source


@pytest.mark.parametrize("source", SCRIPT["SOURCES"], ids=lambda source: source.stem)
def test_badges_lead_to_what_is_there(source):
    from urllib.parse import urlsplit

    line = SCRIPT["badges"](source, None)
    targets = re.findall(r"\]\(([^)]+)\)", line)
    assert len(targets) == 4
    for path in targets:
        assert (SCRIPT["target"](source).parent / path).resolve().exists(), path
    line = SCRIPT["badges"](source, urlsplit("https://github.com/somebody/soloneuron"))
    assert f"/github/somebody/soloneuron/blob/main/notebooks/{source.stem[-2:]}/" in line
    for kind in SCRIPT["BADGES"]:
        assert (ROOT / f"notebooks/badges/{kind}.{source.stem[-2:]}.svg").exists()
