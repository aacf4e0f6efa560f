"""What the package says of itself is said once, and agrees."""

import re
import runpy
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import soloneuron
from soloneuron.errors import MissingExtraError

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
RELEASE = runpy.run_path(str(ROOT / "scripts" / "release"))


def test_the_address_of_the_project_stands_in_one_file():
    host = urlsplit(PROJECT["project"]["urls"]["Homepage"]).netloc
    written = [
        path.name
        for pattern in (
            "*.*",
            ".github/**/*.*",
            "docs/*/*.md",
            "notebooks/source/*",
            "src/**/*.py",
            "src/**/*.toml",
        )
        for path in ROOT.glob(pattern)
        if path.is_file() and host in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert written == ["pyproject.toml"]


def test_a_release_refuses_a_placeholder_and_takes_an_address():
    assert RELEASE["placeholders"]({"project": {"urls": {"Source": "https://soloneuron.invalid/source"}}})
    assert RELEASE["placeholders"]({"project": {"urls": {"Source": "https://soloneuron.invalid"}}})
    assert not RELEASE["placeholders"]({"project": {"urls": {"Source": "https://example.org/invalid"}}})


def test_the_citation_has_the_version_and_license_of_the_package():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {soloneuron.__version__}\n" in citation
    assert f"\nlicense: {PROJECT['project']['license']}\n" in citation


def test_the_license_stands_twice_and_is_the_same():
    assert (ROOT / "LICENSE").read_bytes() == (ROOT / "LICENSES" / "Apache-2.0.txt").read_bytes()


def test_the_lowest_versions_are_those_of_pyproject():
    users = {"dask", "ray", "test", "bench"}
    asked = [
        *PROJECT["project"]["dependencies"],
        *(one for name in EXTRAS.keys() - users for one in EXTRAS[name]),
    ]
    allowed = dict(re.findall(r"^([\w-]+)(?:\[\w+\])?>=([\w.]+)$", "\n".join(asked).replace("_", "-"), re.M))
    tried = dict(
        re.findall(
            r"^([\w-]+)==([\w.]+)$", (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8"), re.M
        )
    )
    short = {name: re.sub(r"(\.0)+$", "", version) for name, version in tried.items()}
    assert short == {name: re.sub(r"(\.0)+$", "", version) for name, version in allowed.items()}


def test_the_extra_of_check_brings_what_shrinks_its_random_programs():
    assert any(one.startswith("hypothesis>=") for one in EXTRAS["check"])


def test_every_extra_of_a_user_is_in_all():
    found, left = set(), ["all"]
    while left:
        name = left.pop()
        found.add(name)
        left += [part for one in EXTRAS[name] for part in re.findall(r"soloneuron\[([\w,]+)\]", one)]
        left = [part for names in left for part in names.split(",")]
    assert EXTRAS.keys() - found <= {"bench", "dask", "notebook", "ray", "test"}


@pytest.mark.parametrize("module", ["estimator", "estimator_cv"])
def test_an_estimator_without_scikit_learn_says_what_to_install(module, monkeypatch):
    for name in {"sklearn", *(name for name in sys.modules if name.partition(".")[0] == "sklearn")}:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, f"soloneuron.{module}", raising=False)
    with pytest.raises(MissingExtraError, match=r"soloneuron\[sklearn\]"):
        import_module(f"soloneuron.{module}")


def test_bundled_data_without_scikit_learn_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError, match="the data set iris_pair needs"):
        soloneuron.make_dataset("iris_pair")
