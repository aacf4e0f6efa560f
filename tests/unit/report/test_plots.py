"""A page of saved runs tells in words what it shows, and bad fields of a file do not stop it."""

import base64
import gzip
import json
import re
from dataclasses import replace

import pytest

from soloneuron.experiments.assignment import four_runs
from soloneuron.figures.runs import run_charts
from soloneuron.report.plots import describe_run, plots_page
from soloneuron.texts import LANGUAGES
from soloneuron.view.packing import packed


@pytest.fixture(scope="module")
def runs():
    return four_runs()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_says_the_losses_of_every_run(runs, language):
    page = plots_page(run_charts(runs), runs, language)
    labels = re.findall(r'class="plot" role="img" tabindex="0" aria-label="([^"]+)"', page)
    assert len(labels) == len(run_charts(runs))
    for run in runs.values():
        for loss in (run.history.loss[0], run.history.loss[-1]):
            assert all(f"{float(loss):.4g}" in label for label in labels)


def test_a_run_without_epochs_has_no_losses_to_tell(runs):
    history = replace(runs["run_1"].history, loss=runs["run_1"].history.loss[:0])
    assert "loss" not in describe_run("start", replace(runs["run_1"], history=history), "en")


def test_an_outcome_without_its_numbers_is_told_in_the_files_own_words(runs):
    outcome = replace(runs["run_1"].history.outcome, fields={}, reason="it was late")
    run = replace(runs["run_1"], history=replace(runs["run_1"].history, outcomes=(outcome,)))
    assert "it was late" in describe_run("run", run, "ru")


def test_a_run_that_counts_updates_is_done_after_updates(runs):
    one = runs["run_1"]
    updates = replace(one, history=replace(one.history, unit="update"))
    assert describe_run("run", one, "en").endswith("all 100 epochs done")
    assert describe_run("run", updates, "en").endswith("all 100 updates done")
    assert describe_run("run", updates, "ru").endswith("сделаны все 100 обновлений")


def test_a_packed_figure_is_the_figure():
    figure = json.dumps({"words": "</script>", "слова": 1}).encode()
    assert gzip.decompress(base64.b64decode(packed(figure))) == figure
    assert packed(figure) == packed(figure)
