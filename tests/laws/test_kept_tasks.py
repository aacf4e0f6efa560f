"""Comparisons and cross-validations that were stopped go on with what is left, to the same bits."""

import errno
import itertools
import json
import os
from contextlib import nullcontext, suppress
from dataclasses import replace

import joblib
import numpy as np
import pytest
import torch

from soloneuron import Dataset, InputError, Momentum, NeuronClassifierCV, compare
from soloneuron.cli import main
from soloneuron.errors import RecordError
from soloneuron.experiments.base import Experiment
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.study import run_study
from soloneuron.records.study import Study
from soloneuron.storage.findings import study_bytes
from soloneuron.storage.paths import write_refused
from soloneuron.storage.result_files import ResultFile, read_results
from soloneuron.training import kept_tasks
from soloneuron.training.engines import pieces
from soloneuron.training.parallel import map_tasks


def rows(n=60, d=3, seed=0):
    dice = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=dice, dtype=torch.float64)
    return X, (X.sum(1) + torch.randn(n, generator=dice, dtype=torch.float64) > 0).double()


def compared(task="ravine", **asked):
    usual = {"budget": 30, "seeds": 4, "rates": [0.01, 0.1, 0.3]}
    rules = asked.pop("optimizers", ["gradient_descent", "adam", "lbfgs", Momentum(momentum=0.8)])
    found = compare(task, rules, **{**usual, **asked})
    return [(entry.best_rate, entry.costs.tolist(), entry.tuning.tolist()) for entry in found.entries]


def on_rows(**asked):
    X, y = rows()
    names = tuple("abc")
    return compared(
        Dataset(features=X, labels=y, feature_names=names),
        **{
            "optimizers": ["adam", "momentum"],
            "batch_size": 20,
            "seeds": [1, 2],
            "budget": 9,
            "share": 0.5,
            **asked,
        },
    )


def cross_validated(seed=0, **asked):
    X, y = rows(90, 4, seed)
    found = NeuronClassifierCV(**{"cv": 3, "random_state": 0, **asked}).fit(X.numpy(), y.numpy())
    return found.scores_.tolist(), found.coef_.tolist(), found.best_params_


def tensor_of_folds(**asked):
    grid = {"learning_rates": np.logspace(-2, 0, 5), "alphas": np.logspace(-3, 0, 3), "epochs": 3}
    return cross_validated(**{**grid, **asked})


def batches_of_folds(**asked):
    return cross_validated(**{"learning_rates": [0.1, 0.2, 0.3], "batch_size": 30, "epochs": 3, **asked})


def fold_by_fold(**asked):
    return cross_validated(**{"alphas": [0.1, 1.0], "epochs": 8, **asked})


WORK = {one.__name__: one for one in (compared, on_rows, tensor_of_folds, batches_of_folds, fold_by_fold)}


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A place for a checkpoint; pieces are so narrow that small grids have many."""
    monkeypatch.setattr(pieces, "WIDTH", 7)
    return tmp_path / "kept.checkpoint"


def stopped_after(count, monkeypatch):
    """Whoever keeps results is interrupted behind so many."""
    append, counted = ResultFile.append, itertools.count(1)

    def stopping(self, number, result):
        append(self, number, result)
        if next(counted) == count:
            raise KeyboardInterrupt

    monkeypatch.setattr(ResultFile, "append", stopping)


@pytest.mark.parametrize("backend", [None, "threading"])
@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_stopped_work_goes_on_with_the_pieces_that_are_left(work, backend, file, monkeypatch):
    alone = work()
    workers = nullcontext() if backend is None else joblib.parallel_config(backend, n_jobs=2)
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        stopped_after(2, patch)
        with workers:
            work(checkpoint=file)
    assert len(read_results(file).results) == 2
    assert work(checkpoint=file) == alone
    content = file.read_bytes()
    assert work(checkpoint=file) == alone
    assert file.read_bytes() == content


def test_what_was_kept_is_not_done_again(file, monkeypatch):
    alone = compared(checkpoint=file)
    monkeypatch.setattr("soloneuron.training.protocol.trainings._measured", None)
    assert compared(checkpoint=file) == alone


@pytest.mark.parametrize(
    ("work", "changed", "told"),
    [
        (compared, {"budget": 31}, "the budget differs: there 30, here 31"),
        (compared, {"rates": [0.01, 0.1, 0.4]}, "the grid differs"),
        (compared, {"seeds": 5}, "the list of seeds differs"),
        (compared, {"jitter": 0.2}, "the start differs"),
        (compared, {"share": 0.1}, "the target differs"),
        (compared, {"task": "rosenbrock"}, "the task differs"),
        (compared, {"optimizers": ["adam"]}, "the list of optimizers differs"),
        (on_rows, {"loss": "mse"}, "the task differs"),
        (on_rows, {"batch_size": 10}, "the setting batch_size differs: there 20, here 10"),
        (tensor_of_folds, {"seed": 1}, "what it works on, features, differs"),
        (tensor_of_folds, {"cv": 4}, "the split into folds differs"),
        (tensor_of_folds, {"alphas": [0.1]}, "alphas differs"),
        (batches_of_folds, {"random_state": 1}, "random_state differs: there 0, here 1"),
        (fold_by_fold, {"class_weight": "balanced"}, "class_weight differs"),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_the_checkpoint_of_other_work_is_told_what_differs(work, changed, told, file, monkeypatch):
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        stopped_after(1, patch)
        work(checkpoint=file)
    with pytest.raises(RecordError, match=told):
        work(**changed, checkpoint=file)


def test_how_thetas_are_scored_is_no_other_work(file):
    first = fold_by_fold(checkpoint=file)
    assert fold_by_fold(checkpoint=file, scoring="accuracy")[0] != first[0]


def test_a_checkpoint_of_another_version_is_told_which(file, monkeypatch):
    compared(checkpoint=file)
    monkeypatch.setattr(kept_tasks, "versions", lambda: {"soloneuron": "9.9", "torch": torch.__version__})
    with pytest.raises(RecordError, match=r"the version of soloneuron differs: there .*, here 9\.9"):
        compared(checkpoint=file)


def test_every_end_that_is_missing_is_made_anew_and_every_byte_that_is_damaged_is_told(file):
    alone = fold_by_fold(checkpoint=file)
    content = file.read_bytes()
    for end in (0, 7, 30, 400, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:end])
        assert fold_by_fold(checkpoint=file) == alone
        assert file.read_bytes() == content
    for place in (*range(22, 130, 9), len(content) // 2, len(content) - 3):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(RecordError, match="damaged after it was written"):
            fold_by_fold(checkpoint=file)
    for other, told in (
        (b"rows", "got something else"),
        (content.replace(b"s 1", b"s 2", 1), "has version 2"),
    ):
        file.write_bytes(other)
        with pytest.raises(RecordError, match=told):
            fold_by_fold(checkpoint=file)
        assert file.read_bytes() == other


def test_a_full_disk_ends_the_work_with_a_sentence_and_keeps_its_pieces(file, monkeypatch):
    alone, add, counted = fold_by_fold(), ResultFile._add, itertools.count()

    def full(self, what, value):
        if next(counted) == 3:
            raise write_refused(file, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        add(self, what, value)

    with monkeypatch.context() as patch:
        patch.setattr(ResultFile, "_add", full)
        with pytest.raises(InputError, match="No space left on device"):
            fold_by_fold(checkpoint=file)
    assert sorted(read_results(file).results) == [0, 1]
    assert fold_by_fold(checkpoint=file) == alone


def test_a_method_that_raises_is_told_again_and_not_kept(file):
    class Broken(Momentum):
        def step(self, *given):  # noqa: ARG002
            raise RuntimeError("broken")

    asked = {"optimizers": ["adam", Broken()]}
    first = compare("ravine", **asked, budget=20, seeds=4, rates=[0.1], checkpoint=file).entries
    again = compare("ravine", **asked, budget=20, seeds=4, rates=[0.1], checkpoint=file).entries
    assert [entry.fault for entry in first] == [entry.fault for entry in again]


def test_tasks_inside_of_tasks_are_kept_by_nobody(file):
    def inner(k):
        return map_tasks(float, [k, k + 1])

    from soloneuron.training.kept_tasks import tasks_kept

    for _ in range(2):
        with tasks_kept(file, lambda: {"the work": "nested"}):
            assert map_tasks(inner, [1, 2]) == [[1.0, 2.0], [2.0, 3.0]]
    assert dict(read_results(file).results) == {0: [1.0, 2.0], 1: [2.0, 3.0]}


FAULTY = {
    "no path": (lambda _: compared(checkpoint=3), "checkpoint must be the path of a file, got int"),
    "no path of an estimator": (
        lambda _: fold_by_fold(checkpoint=3),
        "checkpoint must be the path of a file",
    ),
    "a folder": (lambda file: compared(checkpoint=file.parent), "cannot"),
    "no folder": (
        lambda file: fold_by_fold(checkpoint=file / "below"),
        "cannot write .*: the folder .* does not",
    ),
    "chance of nobody": (
        lambda file: batches_of_folds(checkpoint=file, random_state=None),
        "random_state must be a whole number beside a checkpoint",
    ),
}


@pytest.mark.parametrize(("work", "sentence"), FAULTY.values(), ids=FAULTY)
def test_faulty_words_about_checkpoints_are_one_sentence(work, sentence, file):
    with pytest.raises(InputError, match=sentence):
        work(file)


# The study.

NAMES = ("nesterov_nag", "rate_cliff", "concept_flip")


def studied(checkpoint=None, names=NAMES, workers=1):
    experiments = [EXPERIMENTS.load(name)(seed=0) for name in names]
    experiments = [one.quick() if one.quick_sizes is not None else one for one in experiments]
    found = dict(run_study(experiments, workers, checkpoint=checkpoint))
    return [replace(found[place], seconds=0.0) for place in range(len(names))]


def same(one, other):
    return [study_bytes(Study((found,), "", {})) for found in one] == [
        study_bytes(Study((found,), "", {})) for found in other
    ]


@pytest.mark.slow
def test_a_stopped_study_goes_on_with_the_experiments_that_are_left(file, monkeypatch):
    alone = studied()
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        stopped_after(2, patch)
        studied(file)
    assert len(read_results(file).results) == 2
    again = studied(file)
    assert same(again, alone)
    monkeypatch.setattr(Experiment, "run", None)
    assert same(studied(file, names=NAMES), alone)
    # In whatever order they were asked.
    assert same(studied(file, names=NAMES[::-1])[::-1], alone)
    with pytest.raises(RecordError, match=r"the experiment concept_flip differs: there .*, here unknown"):
        studied(file, names=NAMES[:2])


@pytest.mark.slow
def test_a_stopped_experiment_goes_on_with_the_comparisons_that_are_left(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["experiment", "rotation", "--json"]

    def numbers():
        return {**json.loads(capsys.readouterr().out), "seconds": 0}

    assert main(words) == 0
    alone = numbers()
    with monkeypatch.context() as patch:
        stopped_after(2, patch)
        assert main([*words, "--checkpoint", "kept"]) == 130
    assert len(read_results("kept").results) == 2
    capsys.readouterr()
    assert main([*words, "--checkpoint", "kept"]) == 0
    assert numbers() == alone
    assert main([*words, "--checkpoint", "kept", "--seed", "1"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "kept must be a checkpoint of this very work, but the experiment rotation differs" in line
