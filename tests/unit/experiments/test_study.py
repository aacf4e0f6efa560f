"""A study is asked side by side on the cores there are, and finds what it finds one after the other."""

from dataclasses import replace

import pytest
from joblib import parallel_config

from soloneuron.experiments import study
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.study import FEWEST, SLOWEST_FIRST, asking_order, run_study, study_workers
from soloneuron.records.study import Study
from soloneuron.storage.findings import save_study
from study_sizes import brief

NAMES = ("assignment", "nesterov_nag", "rate_cliff", "label_noise", "batch_noise")


def found(workers, path):
    """What is written of the experiments, but for their times, in the order of the names."""
    parts = dict(run_study([brief(name, 3) for name in NAMES], workers))
    kept = tuple(replace(parts[place], seconds=0.0) for place in range(len(NAMES)))
    save_study(Study(kept, "", {}), path)
    return path.read_bytes()


@pytest.mark.parametrize("backend", ["threading", pytest.param("loky", marks=pytest.mark.slow)])
def test_side_by_side_the_findings_are_the_same_bytes(tmp_path, backend):
    alone = found(1, tmp_path / "alone.json")
    with parallel_config(backend, n_jobs=2):
        assert found(2, tmp_path / "beside.json") == alone


@pytest.mark.slow
def test_who_told_joblib_nothing_gets_processes(tmp_path):
    assert found(2, tmp_path / "beside.json") == found(1, tmp_path / "alone.json")


def test_joblib_is_heard_and_else_all_cores_are_taken(monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "3")
    monkeypatch.setattr("joblib.cpu_count", lambda: 3)
    assert study_workers(22) == 3
    assert study_workers(FEWEST - 1) == study_workers(22, quick=True) == 1
    for jobs in (1, 2):
        with parallel_config("threading", n_jobs=jobs):
            assert study_workers(22) == study_workers(2) == study_workers(22, quick=True) == jobs
    with parallel_config("threading", n_jobs=8):
        assert study_workers(2) == 2


def test_the_backend_that_a_user_chose_is_the_one_that_runs(monkeypatch):
    used = []
    monkeypatch.setattr(study, "run_tasks", lambda _, __: used.append(active()) or iter(()))
    with parallel_config("threading", n_jobs=2):
        list(run_study([], 2))
    list(run_study([], 2))
    assert used == [("ThreadingBackend", 2), ("LokyBackend", 2)]


def active():
    from joblib.parallel import get_active_backend

    backend, jobs = get_active_backend()
    return type(backend).__name__, jobs


def test_the_longest_begin_first_where_they_run_side_by_side_and_only_there():
    assert set(SLOWEST_FIRST) <= set(EXPERIMENTS)
    assert asking_order(list(EXPERIMENTS), 1) == list(EXPERIMENTS)
    order = asking_order(list(EXPERIMENTS), 2)
    assert tuple(order[: len(SLOWEST_FIRST)]) == SLOWEST_FIRST
    assert sorted(order) == sorted(EXPERIMENTS)
