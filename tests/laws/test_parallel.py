"""Who does the pieces does not matter: threads, processes, Dask or Ray give the digits of one process."""

import errno
import operator
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from select import PIPE_BUF

import cloudpickle
import joblib
import numpy as np
import pytest
import torch
from joblib._parallel_backends import LokyBackend, ThreadingBackend

from soloneuron import Momentum, NeuronClassifierCV, compare, sweep
from soloneuron.data.bundled import load_breast_cancer
from soloneuron.errors import InputError, SoloneuronError, UnknownNameError
from soloneuron.training import parallel
from soloneuron.training.engines import pieces
from soloneuron.training.parallel import map_tasks, run_tasks, worker_count
from soloneuron.training.task_files import SentFile, laid_down, picked_up, task_folder
from soloneuron.training.task_pickles import TaskPickler, unpickled


class Elsewhere(ThreadingBackend):
    """Threads that share no memory, as far as anybody is told: everything goes through a pickle."""

    supports_sharedmem = False


joblib.register_parallel_backend("elsewhere", Elsewhere)


def rows(n=60, d=3):
    dice = torch.Generator().manual_seed(0)
    X = torch.randn(n, d, generator=dice, dtype=torch.float64)
    return X, (X.sum(1) + torch.randn(n, generator=dice, dtype=torch.float64) > 0).double()


class OwnLoss:
    """Somebody's own, which no module has: it goes by its code."""

    name, convex, curvature = "own", True, 0.25

    def value(self, z, y):
        return torch.logaddexp(z, torch.zeros_like(z)) - y * z

    def derivative(self, z, y):
        return torch.sigmoid(z) - y


def swept(**options):
    grid = {
        "learning_rate": np.linspace(0.01, 1, 16).tolist(),
        "loss": ["nll", "mse"],
        "batch_size": [None, 16],
    }
    return numbers_of_sweep(sweep(rows(), **{**grid, "epochs": 4, **options}))


def numbers_of_sweep(found):
    runs = [found.run(k) for k in (0, len(found) // 2, len(found) - 1)]
    columns = [getattr(found.record, name).tolist() for name in ("value", "accuracy", "gradient_norm")]
    courses = [(run.theta.tolist(), run.losses.tolist()) for run in runs]
    return columns, found.record.outcomes, found.record.evaluations, courses


def compared():
    found = compare(
        "ravine",
        ["gradient_descent", "adam", "lbfgs", Momentum(momentum=0.8)],
        budget=30,
        seeds=4,
        rates=[0.01, 0.1, 0.3],
    )
    data = load_breast_cancer()
    batches = compare(data, ["adam"], budget=9, batch_size=64, seeds=[1, 2], rates=[0.01, 0.1], share=0.5)
    return [
        (entry.best_rate, entry.costs.tolist(), entry.tuning.tolist())
        for one in (found, batches)
        for entry in one.entries
    ]


def cross_validated(**options):
    X, y = rows(300, 4)
    found = NeuronClassifierCV(cv=3, random_state=0, **options).fit(X.numpy(), y.numpy())
    return found.scores_.tolist(), found.coef_.tolist(), found.best_params_


WORK = {
    "sweep": swept,
    "sweep of a line search": lambda: swept(
        optimizer=["newton"], learning_rate=[1.0, 0.5], batch_size=[None], epochs=3
    ),
    "sweep of orders": lambda: swept(seeds=range(9), learning_rate=0.3),
    "own loss": lambda: swept(loss=OwnLoss(), batch_size=[None, 7], learning_rate=[0.1, 0.2]),
    "compare": compared,
    "folds in one tensor": lambda: cross_validated(
        learning_rates=np.logspace(-2, 0, 5), alphas=np.logspace(-3, 0, 7), epochs=3
    ),
    "folds in batches": lambda: cross_validated(learning_rates=[0.1, 0.2, 0.3], batch_size=50, epochs=3),
    "fold by fold": lambda: cross_validated(alphas=[0.1, 1.0], epochs=20),
}


@cache
def alone(work):
    """What one process finds in narrow pieces."""
    return WORK[work]()


@pytest.fixture
def narrow(monkeypatch):
    """Pieces so narrow that small grids have many."""
    monkeypatch.setattr(pieces, "WIDTH", 7)


def cells():
    """Every work elsewhere, and in threads; the latter in the slow share, but for two."""
    for work in WORK:
        yield pytest.param(work, "elsewhere")
        brief = work in ("sweep", "compare")
        yield pytest.param(work, "threading", marks=() if brief else pytest.mark.slow)


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(("work", "backend"), [*cells()])
def test_every_backend_gives_the_digits_of_one_process(work, backend):
    with joblib.parallel_config(backend, n_jobs=2):
        found = WORK[work]()
    assert found == alone(work)


@pytest.mark.slow
def test_processes_give_the_digits_of_one_process_and_a_lost_one_is_replaced():
    # Pieces of their own width: a worker knows nothing of what a test has changed here.
    many = {"learning_rate": np.linspace(0.001, 1, 11_000).tolist(), "loss": "nll", "batch_size": None}
    here = swept(**many)
    with joblib.parallel_config("loky", n_jobs=2):
        assert swept(**many) == here
        # Workers cannot import this file.
        cloudpickle.register_pickle_by_value(sys.modules[OwnLoss.__module__])
        assert swept(loss=OwnLoss(), batch_size=[None, 7], learning_rate=[0.1, 0.2]) == WORK["own loss"]()
        cloudpickle.unregister_pickle_by_value(sys.modules[OwnLoss.__module__])
        victims = set(_processes("popen_loky", parent=os.getpid()))

        def kill(*_):
            while victims:
                os.kill(victims.pop(), signal.SIGKILL)

        rates = np.linspace(0.001, 1, 16_000).tolist()
        lost = numbers_of_sweep(sweep(rows(), learning_rate=rates, epochs=40, progress=kill))
    assert not victims
    assert lost == numbers_of_sweep(sweep(rows(), learning_rate=rates, epochs=40))


@pytest.mark.slow
def test_ctrl_c_reaches_whoever_waits_for_processes_and_the_next_work_is_done():
    def interrupt(*_):
        signal.raise_signal(signal.SIGINT)

    rates = np.linspace(0.001, 1, 15_000).tolist()
    with joblib.parallel_config("loky", n_jobs=2):
        with pytest.raises(KeyboardInterrupt):
            sweep(rows(), learning_rate=rates, epochs=20, progress=interrupt)
        assert len(sweep(rows(), learning_rate=rates[::1000], loss=["nll", "mse"], epochs=2)) == 30


def _processes(words, parent=None):
    """Processes whose command line holds some words, of a parent or of any."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/cmdline") as line:
                of, command = int(stat.read().rpartition(")")[2].split()[1]), line.read()
        except OSError:
            continue
        if words in command and parent in (None, of):
            yield int(pid)


def on_a_cluster(name, kill):
    """The digits of a sweep and of comparisons where a worker is killed on the way."""
    rates = np.linspace(0.001, 1, 25_000).tolist()

    def work(progress=None):
        found = sweep(rows(), learning_rate=rates, epochs=60, progress=progress)
        return numbers_of_sweep(found)

    here, others = work(), compared()
    victims, told = [kill], []

    def progress(done, total):
        told.append((done, total))
        if victims:
            victims.pop()()

    with joblib.parallel_config(name):
        assert compared() == others
        assert work() == here
        assert work(progress) == here
    assert told[-1] == (25_000 * 60, 25_000 * 60)


@pytest.mark.stress
def test_a_dask_cluster_gives_the_digits_of_one_process():
    distributed = pytest.importorskip("distributed", reason="pip install 'soloneuron[dask]'")
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        victim = next(iter(client.run(os.getpid).values()))
        on_a_cluster("dask", lambda: os.kill(victim, signal.SIGKILL))


@pytest.mark.stress
def test_ray_gives_the_digits_of_one_process():
    ray = pytest.importorskip("ray", reason="pip install 'soloneuron[ray]'")
    from ray.util.joblib import register_ray

    register_ray()
    ray.init(num_cpus=2, log_to_driver=False, include_dashboard=False)
    try:
        on_a_cluster("ray", lambda: os.kill(next(_processes("ray::PoolActor")), signal.SIGKILL))
    finally:
        ray.shutdown()


def test_nobody_works_beside_us_where_joblib_was_told_nothing():
    assert worker_count() == 1
    with joblib.parallel_config("threading", n_jobs=1):
        assert worker_count() == 1
    with joblib.parallel_config("threading"):
        assert worker_count() == (os.cpu_count() or 1)


def test_a_task_hands_nothing_on_to_further_workers():
    with joblib.parallel_config("threading", n_jobs=2):
        assert map_tasks(lambda _: worker_count(), [1, 2]) == [1, 1]
        # Nor does a task of somebody else's, whose workers have the cores already.
        assert joblib.Parallel()(joblib.delayed(worker_count)() for _ in range(2)) == [1, 1]


def test_each_task_has_one_of_torchs_threads_and_ours_are_left_as_they_were():
    with joblib.parallel_config("threading", n_jobs=2):
        assert map_tasks(lambda _: torch.get_num_threads(), [1, 2, 3]) == [1, 1, 1]


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("backend", ["threading", "elsewhere"])
def test_progress_counts_the_epochs_of_runs_that_are_done(backend):
    told = []
    with joblib.parallel_config(backend, n_jobs=2):
        sweep(
            rows(),
            learning_rate=np.linspace(0.01, 1, 20).tolist(),
            epochs=5,
            progress=lambda *n: told.append(n),
        )
    assert sorted(told) == told
    assert told[-1] == (100, 100)
    assert len(told) == 3


@pytest.mark.slow
def test_results_of_processes_are_files_for_half_a_message_would_be_waited_for(monkeypatch):
    came = []
    monkeypatch.setattr(parallel, "picked_up", lambda found: came.append(found) or picked_up(found))
    with joblib.parallel_config("loky", n_jobs=2):
        found = map_tasks(abs, [-1, 2, -3]) + map_tasks(bytes, [1_000_000, 2_000_000])
    assert found == [1, 2, 3, bytes(1_000_000), bytes(2_000_000)]
    assert [type(one) for one in came] == [SentFile] * 5
    # Up to so many bytes are written on a pipe at once, or none of them.
    assert max(len(pickle.dumps((one, "of a worker"))) for one in came) < PIPE_BUF / 4
    assert not any(Path(one.path).parent.exists() for one in came)


def test_a_result_that_finds_no_room_comes_as_it_is(tmp_path):
    kept = laid_down([1, 2], str(tmp_path))
    assert picked_up(kept) == [1, 2]
    assert not [*tmp_path.iterdir()]
    assert laid_down([1, 2], str(tmp_path / "gone")) == [1, 2]
    with task_folder(ThreadingBackend()) as folder:
        assert folder is None
        assert laid_down([1, 2], folder) == picked_up([1, 2]) == [1, 2]


def test_a_value_that_is_not_written_whole_leaves_nothing(tmp_path, monkeypatch):
    class Unfit:
        def __reduce__(self):
            raise ZeroDivisionError

    long = bytes(1_000_000)
    with pytest.raises(ZeroDivisionError):
        laid_down([long, Unfit()], str(tmp_path))
    assert not [*tmp_path.iterdir()]
    monkeypatch.setattr(cloudpickle, "dump", full_disk)
    assert laid_down(long, str(tmp_path)) is long
    assert not [*tmp_path.iterdir()]
    monkeypatch.setenv("TMPDIR", str(tmp_path / "gone"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with task_folder(LokyBackend()) as folder:
        assert folder is None


def full_disk(value, file):
    file.write(value[:100])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.slow
def test_a_sweep_that_stops_disturbs_no_other_thread_nor_does_another_number_of_processes():
    found, rates = {}, np.linspace(0.001, 1, 11_000).tolist()

    def work(name, jobs, progress=None):
        with joblib.parallel_config("loky", n_jobs=jobs):
            try:
                found[name] = numbers_of_sweep(
                    sweep(rows(), learning_rate=rates, epochs=3, progress=progress)
                )
            except InterruptedError:
                found[name] = "stopped"

    def stop(*_):
        raise InterruptedError

    tasks = [("one", 2), ("stopped", 2, stop), ("two", 3), ("three", 2)]
    threads = [threading.Thread(target=work, args=task, daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert found.pop("stopped") == "stopped"
    alone = numbers_of_sweep(sweep(rows(), learning_rate=rates, epochs=3))
    assert found == dict.fromkeys(["one", "two", "three"], alone)


KILLED = """
import os, signal
import joblib, numpy as np, torch
from soloneuron import sweep

X = torch.randn(60, 2, dtype=torch.float64)
with joblib.parallel_config("loky", n_jobs=2, idle_worker_timeout=1):
    rates = np.linspace(0.001, 1, 30_000).tolist()
    kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    sweep(X, (X.sum(1) > 0).double(), learning_rate=rates, epochs=9, progress=kill)
"""


@pytest.mark.stress
def test_a_program_that_is_killed_leaves_neither_files_nor_processes(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(KILLED)
    process = subprocess.Popen([sys.executable, str(script)], env={**os.environ, "TMPDIR": str(tmp_path)})
    assert process.wait(120) == -signal.SIGKILL
    # Its workers wait in vain for another task, and the last of them takes the folder along.
    deadline = time.monotonic() + 60
    while [*tmp_path.iterdir()] != [script]:
        assert time.monotonic() < deadline, [*tmp_path.rglob("*")]
        time.sleep(0.1)


def test_what_cannot_be_sent_is_one_sentence_and_threads_do_not_mind():
    class Locked(OwnLoss):
        def __init__(self):
            self.lock = threading.Lock()

    loss, grid = Locked(), {"learning_rate": [0.1, 0.2], "batch_size": [None, 7], "epochs": 2}
    with joblib.parallel_config("elsewhere", n_jobs=2), pytest.raises(InputError, match="picklable") as told:
        sweep(rows(), loss=loss, **grid)
    assert told.value.code == "workers.pickle"
    with joblib.parallel_config("threading", n_jobs=2):
        assert len(sweep(rows(), loss=loss, **grid)) == 4


def test_a_fault_of_somebodys_own_arrives_as_it_is():
    def rate(_):
        raise UnknownNameError("month", "Janary", ["January"])

    with joblib.parallel_config("elsewhere", n_jobs=2), pytest.raises(UnknownNameError) as told:
        map_tasks(rate, [1, 2])
    assert (told.value.code, told.value.fields["name"]) == ("month.unknown", "Janary")
    assert "did you mean 'January'?" in str(told.value)


def outcomes_that_break(times):
    """In the place of joblib's: one result, then the loss of the others, so many times."""

    def outcomes(calls, *_):
        for count, (place, call) in enumerate(list(calls.items())):
            if count == 1 and times:
                raise times.pop()
            yield place, call[0](*call[1:])

    return outcomes


@pytest.mark.parametrize("fault", [BrokenProcessPool("gone"), type("KilledWorker", (Exception,), {})()])
def test_lost_tasks_are_sent_once_more_and_no_other_is(fault, monkeypatch):
    monkeypatch.setattr(parallel, "_outcomes", outcomes_that_break([fault]))
    with joblib.parallel_config("threading", n_jobs=2):
        assert dict(run_tasks(operator.neg, [1, 2, 3])) == {0: -1, 1: -2, 2: -3}


def test_tasks_that_are_lost_again_are_told_of(monkeypatch):
    monkeypatch.setattr(parallel, "_outcomes", outcomes_that_break([BrokenProcessPool("gone")] * 2))
    with (
        joblib.parallel_config("threading", n_jobs=2),
        pytest.raises(SoloneuronError, match="1 of 3") as told,
    ):
        list(run_tasks(abs, [1, 2, 3]))
    assert told.value.code == "workers.lost"


def test_rows_that_tasks_share_are_one_array_however_often_they_are_sent():
    X, pickler = torch.randn(100, 100, dtype=torch.float64), TaskPickler()
    content, *arrays = pickler.pickled({"rows": X, "again": X, "same": X[:], "scale": 2.0})
    _, *others = pickler.pickled((X, X.numpy()))
    assert [id(array) for array in arrays] == [id(array) for array in others]
    assert len(content) < 1000
    came = unpickled(content, arrays)
    assert came["scale"] == 2.0
    assert came["rows"].data_ptr() == X.data_ptr()


@pytest.mark.parametrize("view", [lambda X: X[:, ::2], lambda X: X.T, lambda X: X[3:], lambda X: X.float()])
def test_a_tensor_arrives_with_its_order_of_numbers(view):
    X = view(torch.randn(200, 200, dtype=torch.float64))
    came = unpickled(*_split(TaskPickler().pickled(X)))
    assert torch.equal(came, X)
    assert came.stride() == X.stride()
    assert came.dtype == X.dtype


@pytest.mark.parametrize("begins", [0, 8, 16, 56])
@pytest.mark.parametrize("kind", [torch.from_numpy, np.asarray], ids=["tensor", "array"])
@pytest.mark.parametrize("rows", [5, 5000])
def test_numbers_begin_where_they_began_in_a_line_of_the_cache(begins, kind, rows):
    """Sums over rows are grouped by it: elsewhere the last digit of a gradient is another one."""
    room = np.zeros(rows * 8 + 128, dtype=np.uint8)
    X = np.ndarray((rows,), buffer=room.data, offset=(begins - room.ctypes.data) % 64)
    content, *arrays = TaskPickler().pickled(kind(X))
    for moved in (0, 8, 24):
        other = np.zeros(rows * 8 + 128, dtype=np.uint8)
        sent = [
            np.ndarray((rows,), buffer=other.data, offset=(moved - other.ctypes.data) % 64) for _ in arrays
        ]
        came = unpickled(content, sent)
        assert torch.as_tensor(came).data_ptr() % 64 == begins


def test_rows_that_may_only_be_read_are_no_reason_for_a_warning():
    X = np.random.default_rng(0).normal(size=(100, 100))
    content, array = TaskPickler().pickled(torch.from_numpy(X))
    array.flags.writeable = False
    assert torch.equal(unpickled(content, [array]), torch.from_numpy(X.copy()))


def _split(pickled):
    content, *arrays = pickled
    return content, arrays
