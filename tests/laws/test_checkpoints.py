"""A training that was stopped anywhere and goes on from its checkpoint is one that nothing disturbed."""

import errno
import hashlib
import itertools
import os
import pickle
import random
import signal
import subprocess
import sys
import time
import warnings
from contextlib import nullcontext, suppress
from dataclasses import replace

import joblib
import numpy as np
import pytest
import torch
from scipy.sparse import csr_array
from sklearn.exceptions import ConvergenceWarning

from soloneuron import NeuronClassifier, fit, minimize, sweep
from soloneuron.data.assignment import assignment_data
from soloneuron.errors import InputError, RecordError
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.storage.checkpoints import read_checkpoint, write_checkpoint
from soloneuron.storage.paths import write_refused
from soloneuron.storage.piece_files import PieceFile, read_pieces
from soloneuron.training import checkpoints, sweep_checkpoints
from soloneuron.training.checkpoints import with_checkpoint
from soloneuron.training.loop import Step
from soloneuron.training.prepare import prepare
from soloneuron.training.session import Training
from soloneuron.training.stopping import Patience

NUMBERS = ("theta", "loss", "value", "gradient_norm", "accuracy")
FACTS = ("epochs", "evaluations", "outcomes", "seeds")


def rows(n=40, d=3, dtype=torch.float64):
    dice = torch.Generator().manual_seed(0)
    X = torch.randn(n, d, generator=dice, dtype=dtype)
    return X, (X.sum(1) + torch.randn(n, generator=dice, dtype=dtype) > 0).to(dtype)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "run.checkpoint"


def assert_same(one, other):
    """Two histories, to the bit."""
    for name in NUMBERS:
        torch.testing.assert_close(getattr(one, name), getattr(other, name), rtol=0, atol=0, equal_nan=True)
    assert all(getattr(one, name) == getattr(other, name) for name in FACTS)


def stopped_twice(file, data, every=2, **settings):
    """The history of a training that was stopped at its second step and at its second step again."""
    for _ in range(2):
        training = with_checkpoint(prepare(data, **settings), file, every=every)
        for count, _ in enumerate(training.stretches()):
            if count == 1:
                break
    return with_checkpoint(prepare(data, **settings), file, every=every).run().history()


PENALIZED = {"penalty": "l2", "epochs": 7}
RATES = torch.logspace(-2, 0, 5, dtype=torch.float64)[:, None]
CASES = {
    **{name: {"optimizer": name, **PENALIZED} for name in OPTIMIZERS},
    **{
        f"{name} in batches": {"optimizer": name, "batch_size": 16, "shuffle": True, "seed": 3, **PENALIZED}
        for name in OPTIMIZERS
        if OPTIMIZERS.load(name).needs != "objective"
    },
    "one row an update": {"batch_size": 1, "epochs": 7},
    "one row an update, shuffled": {"batch_size": 1, "shuffle": True, "seed": 1, "epochs": 7},
    "few records": {"optimizer": "adam", "record_every": 3, "epochs": 8},
    "many rates": {"learning_rate": RATES, "epochs": 7},
    "many rates of a rule": {"learning_rate": RATES, "optimizer": "adam", "epochs": 7},
    "many orders": {"seed": [1, 2, 3], "shuffle": True, "batch_size": 16, "epochs": 7},
    "a schedule": {"learning_rate": lambda t: 1 / t, "epochs": 7},
    "overflow": {"learning_rate": 1e308, "optimizer": "momentum", "epochs": 7},
    "balanced": {"class_weight": "balanced", "optimizer": "adam", "loss": "focal", "epochs": 7},
}


@pytest.mark.parametrize("case", CASES)
def test_a_stopped_training_goes_on_to_the_bits_of_an_undisturbed_one(case, file):
    undisturbed = prepare(rows(), **CASES[case]).run().history()
    assert_same(stopped_twice(file, rows(), **CASES[case]), undisturbed)


@pytest.mark.parametrize("settings", [{}, {"optimizer": "newton"}, {"optimizer": "lbfgs"}], ids=str)
def test_the_same_in_float32(settings, file):
    data = rows(dtype=torch.float32)
    assert_same(
        stopped_twice(file, data, epochs=6, **settings), prepare(data, epochs=6, **settings).run().history()
    )


@pytest.mark.slow
@pytest.mark.parametrize("d", [30, 300])
@pytest.mark.parametrize("shuffle", [False, True])
def test_a_training_that_is_cut_where_it_likes_is_kept_where_it_is_cut(d, shuffle, file):
    """Blocks of single rows begin each stretch with a guess: another cut would be another last digit."""
    settings = {"batch_size": 1, "shuffle": shuffle, "seed": 1 if shuffle else None, "epochs": 24}
    data = rows(20_000 if d == 30 else 2000, d)
    undisturbed = prepare(data, **settings).run().history()
    assert_same(stopped_twice(file, data, every=1, **settings), undisturbed)


ESTIMATORS = {
    "held out": {"early_stopping": True, "optimizer": "adam", "learning_rate": 0.3, "n_iter_no_change": 3},
    "held out, batches": {"early_stopping": True, "batch_size": 16, "learning_rate": 0.5, "tol": 1e-3},
    "the loss itself": {"optimizer": "momentum", "learning_rate": 0.5, "tol": 1e-3, "penalty": "l2"},
    "a line search": {"optimizer": "lbfgs", "loss": "hinge", "penalty": "l1", "alpha": 0.01},
    "all epochs": {"tol": None, "optimizer": "adam", "epochs": 7},
    "sparse": {"early_stopping": True, "optimizer": "adam", "learning_rate": 0.3},
}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.slow if case in ("a line search", "sparse") else ())
        for case in ESTIMATORS
    ],
)
def test_an_estimator_that_is_stopped_anywhere_goes_on_to_the_bits_of_an_undisturbed_one(
    case, file, monkeypatch
):
    X, y = rows(200)
    X = csr_array(X.numpy() * (X.numpy() > 0)) if case == "sparse" else X
    settings = {"epochs": 60, "random_state": 3, **ESTIMATORS[case]}
    undisturbed, again = NeuronClassifier(**settings), NeuronClassifier(**settings, checkpoint=file)
    again.set_params(checkpoint_every=1)
    count, stop_at = 0, iter((2, 5, 6, 12))

    def interrupted(taken):
        def work(*given, **named):
            nonlocal count, stop
            count += 1
            if count == stop:
                stop = next(stop_at, None)
                raise KeyboardInterrupt
            return taken(*given, **named)

        return work

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        undisturbed.fit(X, y)
        stop = next(stop_at)
        monkeypatch.setattr(Patience, "ends", interrupted(Patience.ends))
        for _ in range(5):
            with suppress(KeyboardInterrupt):
                again.fit(X, y)
        epochs = count
        again.fit(X, y)
        assert count - epochs <= 1  # it is at its end, and asks once whether it is
    assert_same(again.history_, undisturbed.history_)
    assert again.n_iter_ == undisturbed.n_iter_
    assert np.array_equal(again.coef_, undisturbed.coef_)


def test_an_estimators_checkpoint_belongs_to_its_patience_and_to_its_chance(file):
    settings = {"early_stopping": True, "optimizer": "adam", "epochs": 4, "checkpoint": file, "tol": 0.1}
    with pytest.raises(InputError, match="random_state must be a whole number beside a checkpoint"):
        NeuronClassifier(**settings).fit(*rows())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        NeuronClassifier(**settings, random_state=1).fit(*rows())
    for other in ({"tol": 0.2}, {"n_iter_no_change": 9}, {"random_state": 2}):
        with pytest.raises(RecordError, match="what it works on, early stopping, differs"):
            NeuronClassifier(**{**settings, "random_state": 1, **other}).fit(*rows())
    with pytest.raises(InputError, match="checkpoint_every=3 needs a file"):
        NeuronClassifier(checkpoint_every=3).fit(*rows())


@pytest.mark.parametrize("rule", ["adam", "lbfgs", "newton"])
def test_a_descent_that_is_stopped_goes_on_to_the_bits_of_an_undisturbed_one(rule, file):
    calls, stops = 0, {9, 15, 31}

    def valley(x, y):
        nonlocal calls
        calls += 1
        if calls in stops:
            stops.discard(calls)
            raise KeyboardInterrupt
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    settings = {"start": [-1.2, 1.0], "optimizer": rule, "steps": 30, "checkpoint_every": 1}
    for _ in range(4):
        with suppress(KeyboardInterrupt):
            path = minimize(valley, **settings, checkpoint=file)
    stops.clear()
    alone = minimize(valley, **{**settings, "checkpoint_every": None})
    assert torch.equal(path.points, alone.points)
    assert torch.equal(path.values, alone.values)
    assert path.evaluations == alone.evaluations

    def other(x, y):
        return valley(x, y) + x

    other.__name__ = other.__qualname__ = "valley"
    with pytest.raises(RecordError, match="what it works on, function, differs"):
        minimize(other, **settings, checkpoint=file)
    with pytest.raises(RecordError, match="differs"):
        minimize(valley, **{**settings, "start": [0.0, 1.0]}, checkpoint=file)


SWEEPS = {
    "rates": {"learning_rate": torch.logspace(-2, 1, 23).tolist(), "epochs": 6},
    "rules, batches and seeds": {
        "optimizer": ["adam", "momentum"],
        "learning_rate": [0.1, 1.0],
        "seeds": [1, 2, 3],
        "batch_size": 16,
        "epochs": 4,
    },
    "line searches": {"optimizer": ["lbfgs", "newton"], "l2": [0.1, 0.01], "epochs": 5},
    "an overflow": {"learning_rate": [1.0, 1e308, 0.1], "optimizer": ["momentum", "lbfgs"], "epochs": 6},
}


def swept(settings, *, stop=None, backend=None, **more):
    """A sweep, and how often its pieces took a step; told to stop after so much progress."""
    taken = []

    def stopping(done, total):
        taken.append(done)
        if stop is not None and done >= stop * total:
            raise KeyboardInterrupt

    with nullcontext() if backend is None else joblib.parallel_config(backend, n_jobs=2):
        return sweep(*rows(), **settings, progress=stopping, **more), taken


SWEPT = [("rates", None), ("line searches", None), ("rules, batches and seeds", "threading")]


@pytest.mark.parametrize(
    ("case", "backend"),
    [
        pytest.param(case, backend, marks=() if (case, backend) in SWEPT else pytest.mark.slow)
        for case in SWEEPS
        for backend in (None, "threading")
    ],
)
def test_a_stopped_sweep_goes_on_with_the_pieces_that_are_left(case, backend, file, monkeypatch):
    monkeypatch.setattr("soloneuron.training.engines.pieces.WIDTH", 5)
    alone, whole = swept(SWEEPS[case])
    for share in (0.3, 0.6):
        with suppress(KeyboardInterrupt):
            swept(SWEEPS[case], stop=share, backend=backend, checkpoint=file)
    found, left = swept(SWEEPS[case], backend=backend, checkpoint=file)
    assert len(left) < len(whole)
    assert_same_sweeps(found, alone)
    again, steps = swept(SWEEPS[case], checkpoint=file)
    assert_same_sweeps(again, alone)
    assert len(steps) <= (len(whole) if "overflow" in case else 0)


def test_a_piece_that_takes_long_is_kept_on_its_way(file, monkeypatch):
    clock = itertools.count(step=6)
    monkeypatch.setattr(sweep_checkpoints, "monotonic", lambda: float(next(clock)))
    settings = {**SWEEPS["rates"], "record_every": 1, "epochs": 40}
    with suppress(KeyboardInterrupt):
        swept(settings, stop=0.7, checkpoint=file)
    kept, _ = read_pieces(file)
    assert 20 <= kept[0].update <= 28
    assert file.read_bytes().count(b"\npiece 0 ") < 20  # further and further apart
    assert_same_sweeps(swept(settings, checkpoint=file)[0], swept(settings)[0])


def assert_same_sweeps(one, other):
    for name in ("value", "accuracy", "gradient_norm"):
        values = (getattr(found.record, name) for found in (one, other))
        torch.testing.assert_close(*values, rtol=0, atol=0, equal_nan=True)
    assert one.record.outcomes == other.record.outcomes
    assert one.record.evaluations == other.record.evaluations


def test_half_a_piece_is_cut_off_and_a_damaged_or_another_sweep_is_told(file, monkeypatch):
    monkeypatch.setattr("soloneuron.training.engines.pieces.WIDTH", 5)
    alone, _ = swept(SWEEPS["rates"], checkpoint=file)
    content = file.read_bytes()
    for end in (len(content) - 1, len(content) // 2, 30, 7, 0):
        file.write_bytes(content[:end])
        assert_same_sweeps(swept(SWEEPS["rates"], checkpoint=file)[0], alone)
        assert sorted(read_pieces(file)[0]) == [0, 1, 2, 3, 4]
    for place in (len(content) // 3, len(content) - 3):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(RecordError, match="damaged after it was written"):
            swept(SWEEPS["rates"], checkpoint=file)
    file.write_bytes(content)
    with pytest.raises(RecordError, match="what it works on, settings, differs"):
        swept({**SWEEPS["rates"], "learning_rate": torch.logspace(-2, 2, 23).tolist()}, checkpoint=file)
    with pytest.raises(RecordError, match=r"recipe\.record_every differs"):
        swept({**SWEEPS["rates"], "epochs": 5}, checkpoint=file)
    for other, told in ((b"rows", "file of a sweep"), (content.replace(b"s 1", b"s 2", 1), "has version 2")):
        file.write_bytes(other)
        with pytest.raises(RecordError, match=told):
            swept(SWEEPS["rates"], checkpoint=file)


def test_a_full_disk_ends_a_sweep_with_a_sentence_and_keeps_its_pieces(file, monkeypatch):
    monkeypatch.setattr("soloneuron.training.engines.pieces.WIDTH", 5)
    append, counted = PieceFile.append, itertools.count()

    def full(self, number, kept):
        if next(counted) == 2:
            raise write_refused(self._path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        append(self, number, kept)

    monkeypatch.setattr(PieceFile, "append", full)
    with pytest.raises(InputError, match="No space left on device"):
        swept(SWEEPS["rates"], checkpoint=file)
    assert sorted(read_pieces(file)[0]) == [0, 1]


def test_fit_keeps_what_it_does_and_a_second_call_does_nothing_again(file, monkeypatch):
    first = fit(rows(), epochs=6, optimizer="adam", checkpoint=file, checkpoint_every=4)
    assert read_checkpoint(file).update == 6
    monkeypatch.setattr(Training, "_take", lambda *_: pytest.fail("it trained again"))
    assert_same(fit(rows(), epochs=6, optimizer="adam", checkpoint=file).history, first.history)


def test_a_seed_that_nobody_gave_is_the_one_of_the_checkpoint(file):
    options = {"shuffle": True, "batch_size": 8, "checkpoint": file}
    first = fit(rows(), epochs=3, **options)
    assert fit(rows(), epochs=6, **options).seeds == first.seeds


def test_more_epochs_go_on_where_fewer_ended(file):
    for epochs in (3, 9):
        run = fit(rows(), epochs=epochs, optimizer="nadam", checkpoint=file)
    assert_same(run.history, fit(rows(), epochs=9, optimizer="nadam").history)


def test_ctrl_c_and_faults_of_ones_own_keep_where_the_training_stands(file):
    for fault in (KeyboardInterrupt, ZeroDivisionError):

        def rate(t, fault=fault):
            if t > 5:
                raise fault
            return 0.1

        with pytest.raises(fault):
            fit(rows(), learning_rate=rate, epochs=9, checkpoint=file, checkpoint_every=2)
        assert read_checkpoint(file).update == 4
        file.unlink()


@pytest.fixture
def written(monkeypatch):
    """The updates after which a checkpoint was written, while a second passes at each look at the clock."""
    updates, clock = [], itertools.count()
    monkeypatch.setattr(checkpoints, "write_checkpoint", lambda _, kept: updates.append(kept.update))
    monkeypatch.setattr(checkpoints, "monotonic", lambda: next(clock))
    return updates


def test_checkpoints_are_written_every_so_many_epochs_and_about_a_hundred_times_unasked(file, written):
    options = {"optimizer": "adam", "checkpoint": file}
    fit(rows(), epochs=10, checkpoint_every=4, **options)
    assert written == [4, 8, 10]
    written.clear()
    fit(rows(5, 1), epochs=250, **options)
    assert written == list(range(2, 251, 2))


def test_epochs_that_are_short_are_kept_ten_times_a_second_at_most(file, written, monkeypatch):
    monkeypatch.setattr(checkpoints, "WRITTEN_EVERY", 5)
    fit(rows(), epochs=12, optimizer="adam", checkpoint=file, checkpoint_every=1)
    # The clock is looked at once an epoch, and once more where one is written.
    assert written == [1, 6, 11, 12]


def test_a_disk_that_is_full_keeps_the_former_checkpoint_and_is_told_of(file, monkeypatch):
    fit(rows(), epochs=4, optimizer="adam", checkpoint=file)
    before, sync = file.read_bytes(), os.fsync

    def full(handle):
        sync(handle)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("soloneuron.storage.files.os.fsync", full)
    with pytest.raises(InputError, match="No space left"):
        fit(rows(), epochs=9, optimizer="adam", checkpoint=file)
    monkeypatch.undo()
    assert [file.read_bytes(), os.listdir(file.parent)] == [before, [file.name]]
    run = fit(rows(), epochs=9, optimizer="adam", checkpoint=file)
    assert_same(run.history, fit(rows(), epochs=9, optimizer="adam").history)


OTHERS = {
    "recipe.optimizer.name": {"optimizer": "nadam"},
    "recipe.optimizer.settings.beta1": {"hyper": 0.5},
    "recipe.batch_size": {"batch_size": 5},
    "recipe.loss.name": {"loss": "mse"},
    "recipe.penalty": {"penalty": "l2"},
    "recipe.record_every": {"record_every": 2},
    "recipe.dtype": {"dtype": torch.float32},
    "recipe.bias": {"bias": False},
    "features": {"data": (rows()[0] + 1e-9, rows()[1])},
    "labels": {"data": (rows()[0], 1 - rows()[1])},
    "weights": {"data": "weighed"},
    "start": {"initial": torch.full((4,), 1e-9, dtype=torch.float64)},
}


@pytest.mark.parametrize("what", OTHERS)
def test_the_checkpoint_of_another_training_is_told_what_differs(what, file):
    from soloneuron import Adam

    usual = {"optimizer": Adam(beta1=0.9), "epochs": 3, "checkpoint": file}
    weights = torch.arange(1, 41, dtype=torch.float64)
    if what == "weights":
        fit(rows(), sample_weight=weights, **usual)
        other = {"sample_weight": weights.flip(0), **usual}
    else:
        fit(rows(), **usual)
        other = {**usual, **OTHERS[what]}
    if "hyper" in other:
        other["optimizer"] = Adam(beta1=other.pop("hyper"))
    with pytest.raises(RecordError, match="this very work") as told:
        fit(other.pop("data", rows()), **other)
    assert (told.value.code, what in str(told.value)) == ("checkpoint.other", True)


@pytest.mark.parametrize("library", ["soloneuron", "torch"])
def test_the_checkpoint_of_another_version_is_told_which(library, file):
    fit(rows(), epochs=3, checkpoint=file)
    kept = read_checkpoint(file)
    write_checkpoint(file, replace(kept, versions={**kept.versions, library: "0.0.1"}))
    with pytest.raises(RecordError, match=f"the version of {library} differs: there 0.0.1"):
        fit(rows(), epochs=3, checkpoint=file)


def test_a_checkpoint_behind_the_last_epoch_is_told(file):
    fit(rows(), epochs=5, checkpoint=file)
    with pytest.raises(RecordError, match="after epoch 5 and this training has 3"):
        fit(rows(), epochs=3, checkpoint=file)


def test_every_byte_that_is_damaged_and_every_end_that_is_missing_is_told(file):
    fit(rows(5, 1), epochs=2, checkpoint=file)
    whole = file.read_bytes()
    places = [*range(0, 130, 13), *range(130, len(whole), len(whole) // 12)]
    for place in places:
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            file.write_bytes(content)
            with pytest.raises(RecordError) as told:
                fit(rows(5, 1), epochs=2, checkpoint=file)
            assert told.value.code in ("checkpoint.damaged", "checkpoint.format", "checkpoint.version")


FORGED = {
    "update": 7.5,
    "theta": torch.zeros(3, dtype=torch.float64),
    "rows": "many",
    "seeds": (1.5,),
}


@pytest.mark.parametrize("field", FORGED)
def test_a_sealed_checkpoint_that_holds_something_else_is_refused(field, file):
    fit(rows(5, 1), epochs=2, checkpoint=file)
    write_checkpoint(file, replace(read_checkpoint(file), **{field: FORGED[field]}))
    with pytest.raises(RecordError):
        fit(rows(5, 1), epochs=2, checkpoint=file)


def sealed(content):
    return f"soloneuron checkpoint 1 sha256:{hashlib.sha256(content).hexdigest()}\n".encode() + content


STRANGE = {
    "a pickle": lambda *_: pickle.dumps(os.getcwd),
    "objects": lambda line, numbers: line.replace(b'"<f8"', b'"|O8"', 1) + b"\n" + numbers,
    "less than nothing": lambda line, numbers: line.replace(b",[2]]", b",[-2]]", 1) + b"\n" + numbers,
    "more than there is": lambda line, numbers: (
        line.replace(b",[2]]", b",[99999999999]]", 1) + b"\n" + numbers
    ),
    "no numbers": lambda line, _: line + b"\n",
    "a list": lambda _, numbers: b"[1, 2]\n" + numbers,
    "deep": lambda _, numbers: b"[" * 100_000 + b"\n" + numbers,
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_sealed_file_of_something_else_is_damaged_and_nothing_in_it_is_run(what, file):
    fit(rows(5, 1), epochs=2, optimizer="adam", checkpoint=file)
    line, _, numbers = file.read_bytes().partition(b"\n")[2].partition(b"\n")
    file.write_bytes(sealed(STRANGE[what](line, numbers)))
    with pytest.raises(RecordError) as told:
        fit(rows(5, 1), epochs=2, optimizer="adam", checkpoint=file)
    assert told.value.code == "checkpoint.damaged"


def test_the_checkpoint_of_a_newer_format_is_told(file):
    fit(rows(5, 1), epochs=2, checkpoint=file)
    file.write_bytes(file.read_bytes().replace(b"checkpoint 1", b"checkpoint 2", 1))
    with pytest.raises(RecordError, match="update soloneuron"):
        fit(rows(5, 1), epochs=2, checkpoint=file)


def test_something_else_at_the_place_of_a_checkpoint_is_left_alone(file):
    file.write_text("my thesis")
    with pytest.raises(RecordError, match="choose another name"):
        fit(rows(), epochs=3, checkpoint=file)
    assert file.read_text() == "my thesis"


def test_faulty_words_about_checkpoints_are_one_sentence(tmp_path):
    with pytest.raises(InputError, match="needs a file"):
        fit(rows(), checkpoint_every=3)
    with pytest.raises(InputError, match="checkpoint_every must be >= 1, got 0"):
        fit(rows(), checkpoint=tmp_path / "c", checkpoint_every=0)
    with pytest.raises(InputError, match="checkpoint must be the path of a file, got int"):
        fit(rows(), checkpoint=5)
    with pytest.raises(InputError, match="does not exist"):
        fit(rows(), checkpoint=tmp_path / "none" / "c")


def test_where_a_training_stands_is_a_step_without_losses_before_it_begins():
    training = prepare(assignment_data(), epochs=3)
    assert isinstance(training.last_step, Step)
    assert len(training.last_step.losses) == 0
    assert torch.equal(training.run().last_step.losses, training.losses[-1:])


def trained(folder, name, *words, kill_after=None):
    """A command line in a process of its own; it is killed after so many seconds."""
    command = [sys.executable, "-m", "soloneuron", "train", "rows.csv", "--label", "y", "--quiet"]
    command += ["--save-run", name, "--optimizer", "adam", "--batch-size", "64", "--epochs", "150", *words]
    process = subprocess.Popen(command, cwd=folder)
    try:
        return process.wait(kill_after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        return process.wait()


def killed_at(moments, folder):
    """Train, be killed at moments of the training itself, go on, and give the same run."""
    X, y = rows(2000, 5)
    lines = [",".join(map(repr, [*x, int(label)])) for x, label in zip(X.tolist(), y.tolist(), strict=True)]
    (folder / "rows.csv").write_text("\n".join(["a,b,c,d,e,y", *lines]) + "\n")
    began = time.monotonic()
    assert trained(folder, "whole.json") == 0
    length = time.monotonic() - began
    keep = ["--checkpoint", "kept", "--every", "1"]
    for moment in moments:
        code = trained(folder, "killed.json", *keep, kill_after=length * moment)
        assert code in (0, -signal.SIGKILL)
    assert trained(folder, "killed.json", *keep) == 0
    assert (folder / "killed.json").read_bytes() == (folder / "whole.json").read_bytes()


@pytest.mark.slow
def test_kill_minus_nine_at_any_moment_costs_no_digit(tmp_path):
    killed_at([0.9, 0.7], tmp_path)


@pytest.mark.stress
def test_kill_minus_nine_at_twenty_seeded_moments_costs_no_digit(tmp_path):
    dice = torch.Generator().manual_seed(16)
    killed_at((0.4 + 0.6 * torch.rand(20, generator=dice)).tolist(), tmp_path)


def torchrun(folder, name, epochs, *, kills=0, keep=()):
    """Two processes that train together; one of them is killed whenever the checkpoint has come far enough.

    Args:
        folder: with ``rows.npy``.
        name: of the run file.
        epochs: how many there are.
        kills: how often one is killed, spread over the epochs by seeded dice, as is which.
        keep: options of the checkpoint.
    """
    train = ["train", "rows.npy", "--label", "30", "--quiet", "--optimizer", "adam", "--batch-size", "all"]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += ["--max-restarts", str(kills), "-m", "soloneuron", *train, "--epochs", str(epochs)]
    process = subprocess.Popen([*command, "--save-run", name, *keep], cwd=folder, stderr=subprocess.DEVNULL)
    dice, killed = random.Random(16), 0
    # Not near the end: whoever has done it all cannot be killed any more.
    goals = sorted(dice.randrange(1, epochs * 2 // 3) for _ in range(kills))
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
        there = folder / "kept"
        done = read_checkpoint(there).update if there.exists() else 0
        if killed < kills and done >= goals[killed]:
            workers = [pid for pid in children(process.pid) if b"train" in words_of(pid)]
            if len(workers) == 2:
                os.kill(dice.choice(workers), signal.SIGKILL)
                killed += 1
                # The next one dies in the next life of both.
                while set(workers) & set(children(process.pid)) and process.poll() is None:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(0.01)
    assert (process.returncode, killed) == (0, kills)


def children(parent):
    """The processes that one has started."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError), open(f"/proc/{pid}/stat") as stat:
            state, of = stat.read().rpartition(")")[2].split()[:2]
            if int(of) == parent and state != "Z":
                yield int(pid)


def words_of(pid):
    """The words of a process's command line."""
    with suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as line:
        return line.read().split(b"\0")
    return []


def killed_together(folder, epochs, kills):
    """Two processes of which one is killed again and again, against two that nothing disturbed."""
    X, y = rows(80_000, 30)
    np.save(folder / "rows.npy", torch.cat([X, y[:, None]], 1).numpy())
    torchrun(folder, "whole.json", epochs)
    torchrun(folder, "killed.json", epochs, kills=kills, keep=["--checkpoint", "kept", "--every", "1"])
    assert (folder / "killed.json").read_bytes() == (folder / "whole.json").read_bytes()


@pytest.mark.slow
def test_three_killed_processes_of_two_cost_no_digit_when_torchrun_starts_them_again(tmp_path):
    killed_together(tmp_path, epochs=200, kills=3)


@pytest.mark.stress
def test_twenty_killed_processes_of_two_cost_no_digit(tmp_path):
    killed_together(tmp_path, epochs=400, kills=20)
