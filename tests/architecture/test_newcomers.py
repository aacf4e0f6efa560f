"""What CONTRIBUTING asks of a new member is all that it takes: one of each kind joins a copy of the house."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import newcomers
from soloneuron.experiments.catalogue import CHAPTERS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the house with the newcomers."""
    house = tmp_path_factory.mktemp("house")
    left = shutil.ignore_patterns("node_modules", "__pycache__", ".*")
    for room in ("src", "tests", "docs", "scripts", "benchmarks"):
        shutil.copytree(ROOT / room, house / room, ignore=left)
    for page in ("pyproject.toml", "README.md", "README.ru.md"):
        shutil.copy(ROOT / page, house)
    newcomers.add(house)
    for script in (["benchmarks/cards.py", "sign_descent"], ["scripts/generate"]):
        python(house, *script)
    return house


def python(house, *words):
    """What a script of the copy prints, in a process that knows only the copy."""
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = subprocess.run(
        [sys.executable, *words], cwd=house, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": tools, "PYTHONPATH": str(house / "src"), "COLUMNS": "120"},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-4000:]
    return found.stdout


@pytest.fixture(scope="module")
def used(copy):
    """What came of using them."""
    return json.loads(python(copy, "tests/newcomers.py", str(copy)))


def test_the_command_line_knows_them(used):
    assert {line: code for line, (code, _) in used["said"].items() if code != 0} == {}
    said = {line: words for line, (_, words) in used["said"].items()}
    assert "max(0, 1 - s z)^3" in said["losses cubed_hinge"]
    assert "Measured" in said["optimizers sign_descent"]
    assert "stripes" in said["data"]


def test_files_keep_them_and_are_read_again(used):
    assert used["recipe"] == ["cubed_hinge", "sign_descent"]


def test_the_public_face_has_their_classes(used):
    assert used["public"] == ["CubedHinge", "SignDescent"]


def test_the_menus_of_the_page_have_them_but_for_a_loss_without_its_twin(used):
    menus = used["menus"]
    assert "sign_descent" in menus["optimizers"]
    assert "stripes" in menus["data"]
    assert "more_steps" in menus["lessons"]
    assert "cubed_hinge" not in menus["loss"]
    assert used["refused"] == "playground.undrawn"
    assert used["lesson"] == "lower"


def test_the_report_has_the_experiment_in_its_chapter_with_its_figure(copy, used):
    page = (copy / "report.html").read_text(encoding="utf-8")
    assert 'id="more_epochs"' in page
    assert used["drawn"] == ["bar"]
    assert "more_epochs" not in {name for names in CHAPTERS.values() for name in names}


def test_the_pages_of_the_docs_have_them(copy):
    told = {"losses": "cubed_hinge", "optimizers": "sign_descent", "playground": "more_steps"}
    for language in ("en", "ru"):
        for page, name in [*told.items(), ("command-line", "stripes"), ("command-line", "more_epochs")]:
            assert f"| `{name}` |" in (copy / "docs" / language / f"{page}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "law",
    [
        "test_losses.py::TestEveryLoss::test_the_value_is_the_papers_formula[CubedHinge()]",
        "test_objectives.py::test_the_three_sources_agree_on_every_loss[cubed_hinge-True]",
        "test_optimizer_laws.py::test_every_rule_equals_its_formula[sign_descent-]",
        "test_cards.py::test_a_method_arrives_within_the_count_of_its_card[sign_descent]",
        "test_catalogue.py::test_a_name_means_the_same_rows_on_the_command_line_and_in_the_page[stripes]",
        "test_experiments.py::test_an_experiment_finds_its_claims_at_a_small_size[more_epochs]",
        "test_figures.py::test_every_kind_of_chart_has_its_figure[bars]",
    ],
)
def test_laws_hold_for_them_by_themselves(used, law):
    assert any(name.endswith(law) for name in used["passed"])


def test_no_test_of_theirs_fails(used):
    assert used["failed"] == []
