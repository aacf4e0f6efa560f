"""Tasks on whatever workers joblib was told to use: threads, processes, a Dask cluster, Ray.

``joblib.parallel_config("loky")`` and the like are all that anybody says. What is done does not depend on
how many workers there are, nor on where: tasks are cut by what they hold.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import closing
from functools import partial
from typing import Any

from soloneuron.errors import InputError, SoloneuronError
from soloneuron.training.kept_tasks import current_keeper
from soloneuron.training.kernels.workers import Result, Task, Workers, one_thread
from soloneuron.training.task_files import laid_down, picked_up, task_folder
from soloneuron.training.task_pickles import TaskPickler, unpickled

ATTEMPTS = 2
"""How often a task is sent to processes that end before it is done."""

MAPPED = 1000
"""Bytes from which on joblib lays an array down for its workers to map."""

LOST_BY_NAME = frozenset(
    {"KilledWorker", "WorkerCrashedError", "RayActorError", "ActorDiedError", "NodeDiedError"}
)
"""What Dask and Ray raise where their own attempts came to nothing; neither need be installed here."""


def worker_count() -> int:
    """How many workers joblib was told to use; 1 where nobody told it, and inside of one of its tasks.

    Example:
        >>> import joblib
        >>> with joblib.parallel_config("threading", n_jobs=3):
        ...     worker_count()
        3
    """
    # Whoever speaks to joblib has imported it; everybody else need not wait for that.
    if "joblib" not in sys.modules:
        return 1
    backend, jobs, _ = _active()
    return 1 if jobs == 1 else int(backend.effective_n_jobs(jobs))


def is_parallel() -> bool:
    """Whether somebody told joblib which workers to use, be it none but this process.

    Example:
        >>> import joblib
        >>> with joblib.parallel_config(n_jobs=1):
        ...     is_parallel()
        True
    """
    return "joblib" in sys.modules and _active()[2]


def run_tasks(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
    """Do every task on joblib's workers, each with one thread of torch's.

    Large arrays and tensors that tasks share go to a worker once. A task that is lost with its process is
    sent once more where the backend does not see to it itself.

    Args:
        work: what is done with a task; it does not matter where.
        tasks: all of them.

    Yields:
        The place of a task and its result, in the order in which they are done.

    Raises:
        InputError: something in a task cannot be sent to another process.
        SoloneuronError: processes ended before their tasks, again and again.
    """
    backend, jobs, _ = _active()
    threads = bool(getattr(backend, "supports_sharedmem", False))
    missing = dict(enumerate(_calls(work, tasks, threads=threads)))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with (
                task_folder(backend) as folder,
                closing(_outcomes(missing, backend, jobs, folder)) as outcomes,
            ):
                for place, result in outcomes:
                    del missing[place]
                    yield place, result
        except Exception as fault:
            if not _is_loss(fault):
                raise
            if attempt == ATTEMPTS:
                raise _lost(len(missing), len(tasks)) from fault
        else:
            return


def map_tasks(
    work: Callable[[Task], Result], tasks: Sequence[Task], *, threads: bool = False
) -> list[Result]:
    """The results of all tasks in their order, on joblib's workers if it was told of any, else here.

    Args:
        work: see ``run_tasks``.
        tasks: see ``run_tasks``.
        threads: whether tasks may run side by side in threads here, for they share nothing that changes.
    """
    with current_keeper() as keeper:
        if keeper is None:
            found, left = dict[int, Result](), list(range(len(tasks)))
        else:
            found, left = keeper.split(len(tasks))
        # What is kept is kept soon: no more is begun at a time than can be done side by side.
        width = len(tasks) if keeper is None else Workers().count
        with closing(_done(work, tasks, left, threads=threads, width=width)) as done:
            for number, result in done:
                found[left[number]] = result
                if keeper is not None:
                    keeper.keep(left[number], result)
    return [found[place] for place in range(len(tasks))]


def _done(
    work: Callable[[Task], Result], tasks: Sequence[Task], left: Sequence[int], *, threads: bool, width: int
) -> Generator[tuple[int, Result], None, None]:
    """The results of those tasks that are left, by their number among these, as they are done.

    How they are done is told by all tasks, not by those that are left: so no digit is.
    """
    some = [tasks[place] for place in left]
    if worker_count() > 1 and len(tasks) > 1:
        yield from run_tasks(work, some) if some else ()
        return
    workers = Workers()
    if threads and len(tasks) > 1 < workers.count:
        for first in range(0, len(some), width):
            part = some[first : first + width]
            yield from enumerate(workers.map(partial(_on_one_core, work), part), first)
        return
    for number, task in enumerate(some):
        yield number, work(task)


def _on_one_core(work: Callable[[Task], Result], task: Task) -> Result:
    with one_thread():
        return work(task)


Call = tuple[Any, ...]
"""A function, and what it is called with."""


def _active() -> tuple[Any, int | None, bool]:
    """The backend that joblib was told to use, its number of workers, and whether it was told at all.

    The number is 1 where it was told nothing.
    """
    from joblib.parallel import get_active_backend

    backend, jobs = get_active_backend()
    if jobs is not None:
        return backend, jobs, True
    # One that somebody asked for is the same at every look. Inside of a task of joblib's stands another
    # level, and the cores are taken already.
    asked = get_active_backend()[0] is backend
    return backend, -1 if asked and not backend.nesting_level else 1, asked


def _calls(work: Callable[[Task], Any], tasks: Sequence[Task], *, threads: bool) -> list[Call]:
    """Tasks as pickles, so that none can disturb another: a graph keeps where it was asked last."""
    pickler = TaskPickler()
    try:
        return [(_sent, *pickler.pickled((work, task))) for task in tasks]
    except InputError:
        if not threads:
            raise
    return [(_alone, work, task) for task in tasks]


def _outcomes(
    calls: dict[int, Call], backend: Any, jobs: int | None, folder: str | None
) -> Generator[tuple[int, Any], None, None]:
    """The results of calls by their place, as soon as the backend hands them over.

    A call at a time goes to a worker, and its result comes alone: several would make a long message, and
    so would an array that is no file.
    """
    from joblib import Parallel, delayed

    streams = bool(getattr(backend, "supports_return_generator", False))
    # The pages of what is shared are a worker's own as soon as it writes on them.
    order = "generator_unordered" if streams else "list"
    pool = Parallel(n_jobs=jobs, return_as=order, mmap_mode="c", max_nbytes=MAPPED, batch_size=1)
    work = (
        delayed(_placed)(folder, place, call, laid_down(first, folder), *rest)
        for place, (call, first, *rest) in [*calls.items()]
    )
    found = iter(pool(work))
    try:
        for outcome in found:
            yield outcome[0], picked_up(outcome[1])
    finally:
        # Whoever stops early means to: joblib's advice to begin less is for others. Filters of warnings are
        # not enough, for threads that are still at work set them too.
        pool._warn_exit_early = _say_nothing
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            getattr(found, "close", list)()


def _say_nothing() -> None:
    pass


def _placed(
    folder: str | None, place: int, call: Callable[..., Any], first: Any, *rest: Any
) -> tuple[int, Any]:
    return place, laid_down(call(picked_up(first), *rest), folder)


def _alone(work: Callable[[Task], Result], task: Task) -> Result:
    """Do one task on one core, and hand nothing of it to further workers."""
    from joblib import parallel_config

    with parallel_config("sequential"):
        return _on_one_core(work, task)


def _sent(content: bytes, *arrays: Any) -> Any:
    """Do one task that was sent as bytes, and arrays beside them."""
    work, task = unpickled(content, arrays)
    return _alone(work, task)


def _is_loss(fault: Exception) -> bool:
    """Whether a task was lost with its process, or with the one that held its rows, as Dask's may be."""
    return isinstance(fault, BrokenExecutor | CancelledError) or type(fault).__name__ in LOST_BY_NAME


def _lost(missing: int, count: int) -> SoloneuronError:
    return SoloneuronError(
        f"processes must live until their tasks are done, but they ended {ATTEMPTS} times before that: "
        f"{missing} of {count} pieces are not done. Most often the memory was too small for so many at once: "
        "take fewer of them, parallel_config(..., n_jobs=2), or look into the log of the system",
        code="workers.lost",
        missing=missing,
        count=count,
    )
