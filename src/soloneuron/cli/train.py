"""``soloneuron train``."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from dataclasses import replace
from functools import partial

from soloneuron.cli.in_processes import in_processes, once, stopped_together
from soloneuron.cli.kinds import CHECKPOINT_KIND, MODEL_KIND, RUN_KIND
from soloneuron.cli.outputs import Output, Written, check_outputs, write_all
from soloneuron.cli.screen import Screen, print_json
from soloneuron.cli.streaming import check_stream
from soloneuron.cli.train_answer import UNKNOWN_METRICS, run_metrics, source_of, train_json
from soloneuron.cli.train_checkpoint import keep_checkpoints
from soloneuron.cli.train_recipe import recipe_asked, recipe_done
from soloneuron.cli.train_rows import TrainRows, rows_in_memory
from soloneuron.cli.train_screen import show_end, show_start
from soloneuron.cli.train_stream import streamed_rows
from soloneuron.data.assignment import START
from soloneuron.data.files.sources import files_of
from soloneuron.formulas.metrics import Metrics
from soloneuron.formulas.sharded import ProcessGroup
from soloneuron.formulas.tiled import tiled
from soloneuron.records.dataset import Dataset
from soloneuron.records.history import History
from soloneuron.records.recipe import Recipe
from soloneuron.records.run import RunRecord
from soloneuron.storage.models import write_model
from soloneuron.storage.runs import write_run
from soloneuron.texts import text
from soloneuron.training.arrival import Arrival
from soloneuron.training.loop import Step
from soloneuron.training.memory import check_records
from soloneuron.training.prepare import prepare
from soloneuron.training.recipes import keywords_of
from soloneuron.training.results import make_run, model_of
from soloneuron.training.separability import answered
from soloneuron.training.session import Training
from soloneuron.training.watching import End, judged_history

EXIT_CODES = {"overflow": 3, "stopped": 130}


def run_train(options: Namespace) -> int:
    """Read, train, save, show."""
    if options.url is not None:
        from soloneuron.cli.link import run_link

        return run_link(options)
    check_stream(options)
    return in_processes(options, _train_by)


def _train_by(options: Namespace, group: ProcessGroup | None) -> int:
    """The command in one process, or in one of a group of them."""
    check_outputs(
        read=[("the file to learn from", name) for name in _files(options)],
        written=[
            Written("the model", options.output, MODEL_KIND),
            Written("the run", options.save_run, RUN_KIND, "--save-run"),
            Written("the checkpoint", options.checkpoint, CHECKPOINT_KIND, "--checkpoint"),
        ],
        force=options.force,
    )
    screen = Screen(options.lang, quiet=options.quiet or options.json)
    rows = (streamed_rows if options.stream else rows_in_memory)(options, screen, group)
    data, held, scaling, learned = rows
    asked = replace(recipe_asked(options, learned.features), standardize=scaling is not None)
    training = _training(options, asked, learned)
    recipe = recipe_done(training, asked)
    keep_checkpoints(options, training, recipe, group)
    check_records(recipe.epochs, recipe.record_every, training.state.theta.shape[-1])
    show_start(screen, asked, recipe, data, held=held)
    if training.epoch:
        screen.say(screen.word("goes_on", epoch=training.epoch, path=options.checkpoint), whole=True)
    history = _train(training, screen, group)
    # Its epochs are those that were needed.
    recipe = replace(recipe, epochs=training.epochs)
    history = replace(history, outcomes=answered(history.outcomes, training.plan))
    run = make_run(history, learned, source_of(options, learned), recipe)
    model = model_of(run, scaling=scaling)
    outputs = (
        Output(options.output, "model.json", partial(write_model, model)),
        Output(options.save_run, "run.json", partial(write_run, run)),
    )
    once(lambda: write_all(*outputs), group)
    measured = _measured(run, rows, shown=group is None or not group.rank)
    if options.json:
        print_json(train_json(training, run, model, measured, all_losses=options.all_losses))
    show_end(screen, training, run, model, measured)
    for path in (options.output, options.save_run):
        if path is not None:
            screen.say(screen.word("saved", path=path), whole=True)
    return EXIT_CODES.get(history.outcome.kind, 0)


def _files(options: Namespace) -> list[str]:
    """The files to learn from."""
    return [] if options.file is None else files_of(options.file)


def _measured(run: RunRecord, rows: TrainRows, *, shown: bool) -> dict[str, Metrics]:
    """The metrics of the rows learned from, and of those held out.

    Rows on disk are there for every process to read, so that one of them measures: whose answer is shown.
    """
    parts = {"training": rows.data} if rows.held is None else {"training": rows.data, "test": rows.held}
    if tiled(rows.data.features) is not None and not shown:
        return dict.fromkeys(parts, UNKNOWN_METRICS)
    return {name: run_metrics(run, part, rows.scaling) for name, part in parts.items()}


def _training(options: Namespace, asked: Recipe, data: Dataset) -> Training:
    """The training that was asked for; without a file it starts where the assignment does."""
    weights, bias = START
    start = [*weights, bias] if asked.bias else [*weights]
    keywords = keywords_of(asked) | {"learning_rate": options.learning_rate}
    keywords["device"] = options.device
    return prepare(data, initial=start if options.file is None else None, **keywords)


def _train(training: Training, screen: Screen, group: ProcessGroup | None) -> History:
    """Pull the steps to the last epoch, or to where there is no more to gain; Ctrl-C keeps what is done."""
    arrival = Arrival(training.plan)

    def reached(step: Step) -> End | None:
        return arrival.reached(step, arrival.promised(step.state)) if arrival.searches else None

    # What goes on from a checkpoint may have arrived there.
    end = reached(training.last_step) if training.epoch else None
    if end is not None:
        training.epochs = training.epoch
    pulled = training.steps(1) if arrival.searches else training.stretches()
    try:
        with screen.progress(training.epochs) as ticker, closing(pulled):
            for step in stopped_together(pulled, group):
                ticker.tick(training.epoch, float(step.losses[-1]) if len(step.losses) else None)
                end = reached(step)
                if end is not None:
                    training.epochs = training.epoch
                    break
            if arrival.searches and end is None:
                end = "epochs"
    except KeyboardInterrupt as stop:
        return training.history(stopped=text("en", f"cli.{'signalled' if stop.args else 'interrupted'}"))
    return judged_history(training, end)
