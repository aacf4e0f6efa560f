"""The committed bundle is what its sources make, and small."""

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from soloneuron.playing.page import playground_page
from soloneuron.view import asset

VIEW = Path(__file__).parents[2] / "src" / "soloneuron" / "view"
BUILDER = VIEW / "node_modules" / ".bin" / "esbuild"


@pytest.mark.skipif(
    not BUILDER.exists() and "CI" not in os.environ,
    reason="Node or esbuild is not here: the bundle was NOT compared with its sources (scripts/bundle)",
)
def test_the_bundle_is_what_its_sources_make(tmp_path):
    shutil.copytree(VIEW / "source", tmp_path / "source")
    shutil.copy(VIEW / "package.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(VIEW / "node_modules")
    subprocess.run(["npm", "run", "--silent", "build"], cwd=tmp_path, check=True, capture_output=True)
    for name in ("playground.js", "playground.css", "live.css", "replay.js", "replay.css"):
        assert (tmp_path / "bundle" / name).read_bytes() == asset(name)


def test_the_page_stays_below_350_kilobytes_and_110_packed():
    page = playground_page().encode()
    assert len(page) <= 350_000
    assert len(gzip.compress(page)) <= 110_000


def test_the_page_names_no_place_from_which_anything_could_come():
    named = set(re.findall(r"https?://[^\s\"'`)]+", playground_page()))
    assert named <= {"http://www.w3.org/2000/svg"}


def test_what_a_replay_carries_stays_below_fifty_kilobytes():
    assert sum(len(asset(name)) for name in ("playground.css", "replay.css", "replay.js")) <= 50_000


def test_no_lock_file_names_a_registry():
    assert "resolved" not in (VIEW / "package-lock.json").read_text()
