"""A session's race as the saved runs that the page must write of it."""

from __future__ import annotations

from dataclasses import replace

import torch

from soloneuron.playing.judgement import judged, outcome_of
from soloneuron.playing.link import write_link
from soloneuron.playing.refusals import playground_error
from soloneuron.playing.session import TABLE_COLUMNS, Session
from soloneuron.records.history import History, Outcome
from soloneuron.records.run import RunRecord, Source
from soloneuron.texts import text
from soloneuron.training.reasons import cure, limits_sentence
from soloneuron.training.recipes import recipe_of_plan
from soloneuron.training.results import make_run

MOST_RECORDS = 2_000
"""Of a longer race so many steps are kept, evenly, with the first and the last."""


def runs_of(session: Session, language: str) -> dict[str, RunRecord]:
    """Every runner's steps up to the present one as a RunRecord, by the name that the page calls it.

    A step is one update; where the batch is smaller than the data that is less than an epoch, and the
    history says ``unit = "update"``. The history's loss is that of all rows before each update.

    Raises:
        InputError: the race stands at its start.
    """
    if session.position == 0:
        raise playground_error("save.early")
    jobs = session.race.runners
    losses = {job.loss for job in jobs}
    names = [text(language, f"optimizers.{job.entry.name}.short") for job in jobs]
    if len(losses) > 1:
        names = [f"{name} · {job.loss.upper()}" for name, job in zip(names, jobs, strict=True)]
    return {name: _run(session, runner, name, language) for runner, name in enumerate(names)}


def _run(session: Session, runner: int, name: str, language: str) -> RunRecord:
    job = session.race.runners[runner]
    table = torch.stack([moment[runner] for moment in session.tables[: session.position + 1]])
    lost = table[:, -1] > 0
    table = table[: int((~lost).sum())]
    last = len(table) - 1
    kept = torch.linspace(0, last, min(last + 1, MOST_RECORDS), dtype=torch.float64).round().long()
    columns = dict(zip(TABLE_COLUMNS, table[:, -len(TABLE_COLUMNS) :].T, strict=True))
    history = History(
        epochs=tuple(kept.tolist()),
        theta=table[kept, : -len(TABLE_COLUMNS)],
        loss=columns["loss"][:-1],
        value=columns["loss"][kept],
        gradient_norm=columns["gradient_norm"][kept],
        accuracy=columns["accuracy"][kept],
        outcomes=(_outcome(session, runner, last, name, language),),
        seeds=job.plan.seeds,
        # One unit for all: an update of a rule that takes all rows is an epoch, too.
        unit="epoch" if all(one.plan.full_batch for one in session.race.runners) else "update",
    )
    data = session.race.data
    recipe = recipe_of_plan(job.plan, epochs=-(-last // job.plan.updates))
    if session.race.test is not None:
        recipe = replace(recipe, test_share=session.config.test, split_seed=session.config.seed)
    source = Source(data.name, "", len(data.labels))
    return make_run(history, data, source, recipe, link=write_link(session.config))


def _outcome(session: Session, runner: int, last: int, name: str, language: str) -> Outcome:
    outcome = page_outcome(session, runner, name=name, language=language)
    if outcome.kind != "finished":
        return outcome
    numbers = session.measures(runner, last)
    end = {"loss": numbers["loss"], "accuracy": numbers["accuracy"]}
    return replace(outcome, reason=text(language, "playground.saved.finished", step=last, **end))


def page_outcome(session: Session, runner: int, *, name: str, language: str) -> Outcome:
    """The outcome of a runner in the words of the page: what happened, beside which limits, what to do."""
    outcome, said = outcome_of(session, runner), judged(session, runner)
    reason = text(language, f"playground.judged.{said['code']}", **said["fields"], name=name).removesuffix(
        "."
    )
    beside, advice = limits_sentence(outcome.fields, language), cure(outcome, language)
    reason = f"{reason}; {beside}" if beside else reason
    return replace(outcome, reason=f"{reason}. {advice}" if advice else reason)
