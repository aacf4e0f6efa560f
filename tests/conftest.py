"""What every test shares: torch's gradients are off, except where autograd is the oracle."""

import gc
import json
import os
import signal
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("fuzz", parent=settings.get_profile("house"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

# A shell lets what it starts in the background ignore Ctrl-C; the programs of tests would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The tests run side by side; torch's own threads would only wait for each other.
torch.set_num_threads(1)

TESTS = Path(__file__).parent
ORACLE = TESTS / "oracle"
GOLDEN = TESTS / "golden"
REWRITE = "--rewrite-golden"


def pytest_addoption(parser):
    """The one way in which golden files change."""
    parser.addoption(REWRITE, action="store_true", help="write tests/golden/*.json anew; runs nothing else")


def pytest_collection_finish():
    """Thousands of collected tests live to the end: the collector of garbage need not look at them again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config, items):
    """Run only the tests that have a golden file where these are to be written; stress may take its time."""
    for item in items:
        if item.get_closest_marker("stress"):
            item.add_marker(pytest.mark.timeout(0))
    if config.getoption(REWRITE):
        kept = [item for item in items if "golden" in item.fixturenames]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


@pytest.fixture
def golden(request):
    """What a golden file holds; with --rewrite-golden it is made anew, and nothing is tested."""

    def read(name, make):
        path = GOLDEN / name
        if request.config.getoption(REWRITE):
            path.write_text(json.dumps(make(), separators=(", ", ": ")) + "\n")
            pytest.skip(f"{path.name} was written anew: read the difference before you commit it")
        return json.loads(path.read_text())

    return read


WITH_GRADIENTS = {
    *(
        "unit/optimizers",
        "laws/test_optimizer_laws.py",
        "laws/test_lbfgs_laws.py",
        "laws/test_newton_laws.py",
    ),
    *("unit/training/test_minimize.py", "unit/training/test_cost_table.py", "unit/training/test_protocol.py"),
    "unit/result/test_bad_input.py",
}
"""Modules, and a folder of them, about rules, minimize and compare: they pass with gradients on, too."""

WORDS_ALONE = {"test_cards.py", "test_formula_trace.py", "test_written_schedules.py"}
"""Of them those that ask what a rule is called and how it is written: gradients have nothing to do there."""


def pytest_generate_tests(metafunc):
    place = Path(metafunc.module.__file__).relative_to(TESTS)
    places = {place.as_posix(), place.parent.as_posix()}
    if places & WITH_GRADIENTS and place.name not in WORDS_ALONE:
        metafunc.fixturenames.append("torch_gradients")
        both = [False, pytest.param(True, marks=pytest.mark.slow, id="gradients")]
        metafunc.parametrize("torch_gradients", both, ids=lambda _: "", indirect=True)


@pytest.fixture
def torch_gradients(request):
    with torch.set_grad_enabled(request.param):
        yield


@pytest.fixture(autouse=True)
def gradients_only_in_the_oracle(request):
    """Switch torch's gradients off: the library must not need them."""
    with torch.set_grad_enabled(ORACLE in request.path.parents):
        yield


@pytest.fixture(autouse=True)
def one_thread_is_left():
    """A test that left torch more threads would make those after it wait for each other."""
    yield
    left = torch.get_num_threads()
    torch.set_num_threads(1)
    assert left == 1


def pytest_terminal_summary(terminalreporter):
    """Say loudly what was not tested."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT TESTED", sep="!", red=True)
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.line(f"{report.nodeid}: {reason}")
