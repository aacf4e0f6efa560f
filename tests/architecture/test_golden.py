"""Golden files change by one flag only."""

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_the_flag_that_rewrites_golden_files_runs_nothing_else():
    command = ["-m", "pytest", "--rewrite-golden", "--collect-only", "-o", "addopts=", "-q"]
    done = subprocess.run(
        [sys.executable, *command, TESTS / "unit" / "playing"],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line]
    assert found == ["test_tables_are_the_golden_ones"]


def test_only_the_fixture_behind_the_flag_writes_below_golden():
    """Whoever else names the folder reads it."""
    for path in TESTS.rglob("*.py"):
        if path not in (TESTS / "conftest.py", Path(__file__)):
            assert '"golden"' not in path.read_text(), path
