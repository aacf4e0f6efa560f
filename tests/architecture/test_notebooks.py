"""Notebooks are what their sources make; twins run the same code; they run to their end on the wheel."""

import io
import re
import runpy
import subprocess
import sys
import tokenize
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts/notebooks"))
RELEASE = runpy.run_path(str(ROOT / "scripts/release"))


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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package as people install it, unpacked; None where nothing can build it."""
    if find_spec("hatchling") is None:
        return None
    folder = tmp_path_factory.mktemp("wheel")
    order = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(order, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.mark.slow
def test_the_wheel_holds_the_manual_and_nothing_that_was_built_beside_it(wheel):
    if wheel is None:
        pytest.skip("hatchling is not here: the wheel was NOT built, and the notebooks ran on the sources")
    held = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}
    assert RELEASE["incomplete"](held) == []
    assert not [name for name in held if re.search(r"node_modules|/tests?/|\.pyc$", name)]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("source", SCRIPT["SOURCES"], ids=lambda source: source.stem)
def test_on_the_wheel_a_notebook_runs_to_its_end_and_prints_what_it_shows(
    source, wheel, tmp_path, monkeypatch
):
    import nbformat

    # The kernel finds the unpacked wheel before the sources, and stands where there are none.
    place = str(wheel or ROOT / "src")
    monkeypatch.setenv("PYTHONPATH", place)
    monkeypatch.chdir(tmp_path)
    notebook = SCRIPT["built"](source)
    notebook.cells.append(nbformat.v4.new_code_cell("import soloneuron; soloneuron.__file__"))
    done = SCRIPT["executed"](notebook)
    assert place in done.cells.pop().outputs[0]["data"]["text/plain"]
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
