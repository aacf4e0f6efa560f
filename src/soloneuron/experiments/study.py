"""The questions of a study, asked side by side on the cores there are."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path

from soloneuron.experiments.base import Experiment
from soloneuron.records.findings import Findings
from soloneuron.records.study import Study
from soloneuron.storage.findings import study_bytes, study_from_bytes
from soloneuron.training.kept_tasks import TaskKeeper, tasks_kept
from soloneuron.training.parallel import is_parallel, run_tasks, worker_count
from soloneuron.training.sharding.descriptions import description

SLOWEST_FIRST = (
    "assignment",
    "rosenbrock",
    "saddle",
    "plateau",
    "features",
    "race",
    "tuning_free",
    "duplicates",
    "rotation",
)
"""Side by side these begin: one that is done at once, so that something is seen, and then the longest, so
that no core waits for the last."""

FEWEST = 4
"""So many questions are worth the start of further processes, which takes a few seconds."""


def study_workers(count: int, *, quick: bool = False) -> int:
    """How many of so many questions are asked at once: as many as joblib was told, or as there are cores.

    ``joblib.parallel_config`` tells which workers to take; the variable LOKY_MAX_CPU_COUNT limits the cores.

    Args:
        count: of the questions.
        quick: whether they are done before further processes would have begun.

    Example:
        >>> study_workers(1)
        1
    """
    if is_parallel():
        return min(worker_count(), count)
    if quick or count < FEWEST:
        return 1
    from joblib import cpu_count

    return min(int(cpu_count()), count)


def asking_order(names: Sequence[str], workers: int) -> list[str]:
    """The order in which experiments begin: as given, but the longest first where they run side by side."""
    if workers == 1:
        return list(names)
    return sorted(
        names, key=lambda name: SLOWEST_FIRST.index(name) if name in SLOWEST_FIRST else len(SLOWEST_FIRST)
    )


def run_study(
    experiments: Sequence[Experiment], workers: int, *, checkpoint: str | Path | None = None
) -> Generator[tuple[int, Findings], None, None]:
    """Run every experiment; what each finds does not depend on how many run at once.

    Args:
        experiments: in the order in which they shall begin, see ``asking_order``.
        workers: how many at once, see ``study_workers``.
        checkpoint: a file in which finished experiments are kept, of one alone its comparisons; what is there
            is not run again.

    Yields:
        The place of an experiment and what it found, as soon as it is done.

    Raises:
        SoloneuronError: what an experiment refuses; or processes ended before their tasks.
        RecordError: the checkpoint is one of another study, of other versions, or damaged.

    Example:
        >>> from soloneuron.experiments.nesterov_nag import NesterovAndNAG
        >>> [(place, found.experiment) for place, found in run_study([NesterovAndNAG(steps=5)], 1)]
        [(0, 'nesterov_nag')]
    """
    if len(experiments) == 1:
        with tasks_kept(checkpoint, lambda: _facts(experiments)):
            yield 0, experiments[0].run()
        return
    if checkpoint is None:
        yield from _run(experiments, workers)
        return
    # By name: in which order they begin is told by the number of workers.
    order = sorted(range(len(experiments)), key=lambda place: experiments[place].name)
    with closing(TaskKeeper(checkpoint, _facts(experiments))) as keeper:
        kept, left = keeper.split(len(order))
        for number, said in kept.items():
            yield order[number], study_from_bytes(str(said).encode(), checkpoint).findings[0]
        begun = [place for place in range(len(experiments)) if order.index(place) in left]
        with closing(_run([experiments[place] for place in begun], min(workers, len(begun)) or 1)) as done:
            for number, found in done:
                keeper.keep(order.index(begun[number]), study_bytes(Study((found,), "", {})).decode())
                yield begun[number], found


def _run(experiments: Sequence[Experiment], workers: int) -> Generator[tuple[int, Findings], None, None]:
    if workers == 1:
        for place, experiment in enumerate(experiments):
            yield place, experiment.run()
        return
    from joblib import parallel_config

    with nullcontext() if is_parallel() else parallel_config("loky", n_jobs=workers):
        yield from run_tasks(_found, experiments)


def _facts(experiments: Sequence[Experiment]) -> dict[str, str]:
    """What makes a study this one, in words."""
    return {f"the experiment {one.name}": description(one) for one in experiments}


def _found(experiment: Experiment) -> Findings:
    return experiment.run()
