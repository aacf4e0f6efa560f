"""The committed bundle is what its sources make, and small."""

import gzip
import lzma
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from soloneuron.playing.page import page_content, playground_page
from soloneuron.view import asset

VIEW = Path(__file__).parents[2] / "src" / "soloneuron" / "view"
BUILDER = VIEW / "node_modules" / ".bin" / "esbuild"


needs_builder = pytest.mark.skipif(
    not BUILDER.exists() and "CI" not in os.environ,
    reason="Node or esbuild is not here: the bundle was NOT compared with its sources (scripts/bundle)",
)


@pytest.fixture
def view(tmp_path):
    """A folder with the sources of the page alone."""
    shutil.copytree(VIEW / "source", tmp_path / "source")
    for name in ("package.json", "pack.mjs"):
        shutil.copy(VIEW / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(VIEW / "node_modules")
    return tmp_path


def npm(view, script, given=b""):
    order = ["npm", "run", "--silent", script]
    return subprocess.run(order, cwd=view, input=given, check=True, capture_output=True).stdout


@needs_builder
def test_the_bundle_is_what_its_sources_make(view):
    npm(view, "build")
    for name in ("playground.js", "playground.css", "live.css", "unpack.js", "replay.js", "replay.css"):
        assert (view / "bundle" / name).read_bytes() == asset(name)


@needs_builder
def test_the_page_carries_the_bundle_and_the_words_of_the_catalogues(view):
    assert npm(view, "pack", page_content()) == asset("page.bin"), "run scripts/bundle"


def test_the_page_is_packed_a_tenth_smaller_than_by_lzma():
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 9 | lzma.PRESET_EXTREME, "lc": 2, "pb": 0}]
    usual = lzma.compress(page_content(), lzma.FORMAT_RAW, filters=filters)
    assert len(asset("page.bin")) <= 0.9 * len(usual)


def test_the_page_stays_below_150_kilobytes_and_110_packed():
    page = playground_page().encode()
    assert len(page) <= 150_000
    assert len(gzip.compress(page)) <= 110_000


@pytest.mark.parametrize(
    "made", [playground_page, lambda: page_content().decode("cp1251")], ids=["as sent", "as unpacked"]
)
def test_the_page_names_no_place_from_which_anything_could_come(made):
    page = made()
    named = set(re.findall(r"\b(?:https?|wss?|ftp)://[^\s\"'`)]+", page))
    assert named <= {"http://www.w3.org/2000/svg"}
    # Nor one by the protocol of the page itself.
    assert not re.search(r"""(?:src|href|action)=["']?//|\burl\(\s*["']?//""", page)


def test_what_a_replay_carries_stays_below_fifty_kilobytes():
    assert sum(len(asset(name)) for name in ("playground.css", "replay.css", "replay.js")) <= 50_000


def test_no_lock_file_names_a_registry():
    assert "resolved" not in (VIEW / "package-lock.json").read_text()
