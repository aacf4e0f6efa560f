"""Whole sessions of the page are Python's: what is said of a run, what lessons answer, where changes lead."""

import random
from dataclasses import replace

import pytest
import torch

from rounding import nudged
from soloneuron.data.catalogue import make_dataset
from soloneuron.data.preparation import hold_out
from soloneuron.data.synthetic import outlier_rows
from soloneuron.errors import InputError
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.changes import play
from soloneuron.playing.judgement import status
from soloneuron.playing.lesson import Measure
from soloneuron.playing.lessons import LESSONS
from soloneuron.playing.link import read_link
from soloneuron.playing.measures import take
from soloneuron.playing.session import Session
from soloneuron.view.losses import page_losses

WALKS = 1e-9
"""What whole walks agree to."""

HAIR = 1e-13
"""By so much a start is moved where it is asked how far Python is sure of what follows."""

STARTS = ("-6,-6", "0,0", "1,-2", "3,3")
DATA = ("clouds", "separable", "stretched", "standardized", "outliers", "rare", "xor", "assignment")
RATES = (0.003, 0.05, 0.3, 1, 3, 40)


SHARE = 5
"""Every fifth link is for every time: places count by two and by eight, and all kinds are among them."""


def links():
    """Sixty links: every optimizer, loss and data set many times, calm and wild, long and short."""
    dice = random.Random(7)
    # A line search may take one of two ways for a rounding's sake, in Python itself as well.
    steady = [name for name in OPTIMIZERS if OPTIMIZERS.load(name).needs != "objective"]
    for place in range(60):
        names = dice.sample(steady, dice.randint(1, 3)) if place % 2 else ["gradient_descent"]
        losses = dice.sample(page_losses(), dice.randint(1, 2))
        yield (
            f"data={DATA[place % len(DATA)]}&loss={','.join(losses)}"
            f"&optimizers={','.join(f'{name}:{dice.choice(RATES)}' for name in names)}"
            f"&batch={dice.choice(('all', 'all', '8', '32'))}&bias={dice.choice('01')}"
            f"&l2={dice.choice(('0', '0', '0.01'))}"
            f"&start={dice.choice(STARTS)}&seed={dice.choice((0, 3))}&step={dice.choice((1, 5, 20, 60, 150))}"
        )


ALL = "terms=x1x1,x2x2,x1x2,sinx1,sinx2"
SEARCHES = (
    "loss=nll&optimizers=lbfgs,newton&bias=1&start=0,0&step=12",
    "data=xor&loss=mse&optimizers=newton&start=1,-2&step=9",
    "data=stretched&loss=squared_hinge&optimizers=lbfgs,adam:0.2&batch=8&start=0,0&step=5",
    "data=separable&loss=exponential&optimizers=newton,lbfgs&l2=0.01&start=0,0&step=7",
)

WIDE = (
    f"data=circles&{ALL}&bias=1&loss=nll,mse&optimizers=gradient_descent:0.3,adam:0.2&step=60",
    f"data=xor&{ALL}&loss=nll&optimizers=gradient_descent:1,nag:0.1&batch=8&l2=0.01&start=0,0&step=150",
    f"data=circles&{ALL}&bias=1&loss=focal&optimizers=lbfgs,newton&l2=0.01&start=0,0&step=9",
    "data=stretched&terms=x1x1,x2x2&loss=nll,hinge&optimizers=gradient_descent:0.5&step=60",
)

HELD = (
    "data=iris&test=0.3&loss=nll,mse&optimizers=gradient_descent:0.3,adam:0.2&step=60",
    "data=tumors&test=0.2&bias=1&seed=3&loss=nll&optimizers=gradient_descent:0.05&batch=8&step=30",
    f"data=wine&test=0.5&{ALL}&l2=0.1&loss=focal&optimizers=adam:0.1&step=20",
    "data=own&points=1,2,0;2,1,1&test=0.3",
)

FELL = (
    f"data=wine&bias=1&{ALL}&optimizers=gradient_descent:0.3&test=0.3&loss=nll",
    "data=stretched&bias=1&start=0,0&optimizers=polyak_step&loss=exponential",
    "data=own&points=0.001,2,0;0.002,-1,1;0.001,-2,1;-0.003,1,0;0.004,0.5,1&bias=1&start=1,-2&loss=exponential"
    "&optimizers=gradient_descent:0.3",
    "surface=ravine&optimizers=polyak_step",
)
"""They swing on their way, or their columns differ, and their last loss is the lowest so far at times."""


def opened(link):
    """The session of a link, or why there is none."""
    try:
        return Session(read_link(link))
    except InputError as refused:
        return refused


def unlike(one, other, *, far=1e-6):
    """The names of what differs."""
    return [
        name
        for name in {*one, *other}
        if (a := one.get(name)) != (b := other.get(name))
        and not (
            isinstance(a, float) and isinstance(b, int | float) and abs(a - b) <= far * max(1e-3, abs(a))
        )
    ]


@pytest.mark.parametrize(
    "link",
    [
        link if place % SHARE == 0 else pytest.param(link, marks=pytest.mark.slow)
        for place, link in enumerate(
            [*links(), *SEARCHES, *WIDE, *HELD, "data=xor&loss=nll&optimizers=polyak_step&step=5"]
        )
    ],
)
def test_what_is_said_of_a_run_is_what_python_says(page, link):
    found = page.ask("seen", link)
    session = opened(link)
    if not isinstance(session, Session):
        assert (found["code"], found["fields"]) == (session.code, session.fields)
        return
    assert list(found["window"]) == pytest.approx(session.landscape.window)
    session.go(session.config.step)
    for runner, (one, other) in enumerate(zip(status(session)["runners"], found["runners"], strict=True)):
        differences = told_apart(one, other)
        assert not differences or wild(session, runner), differences


def told_apart(one, other):
    """What two judgements say otherwise."""
    differences = [name for name in ("code", "beside", "learned", "reached") if one[name] != other[name]]
    # Of two losses that are alike to rounding either may be the best, and is the place of the local limit.
    alike = abs(one["fields"]["best"] - other["fields"]["best"]) <= 1e-9
    if not alike or one["fields"]["back"] == other["fields"]["back"]:
        differences += unlike(one["limits"] or {}, other["limits"] or {})
    return differences + [
        name for name in unlike(one["fields"], other["fields"]) if name != "back" or not alike
    ]


def wild(session, runner):
    """Whether Python itself ends elsewhere from a start moved by a rounding: then nothing need agree."""
    other = Session(replace(session.config, start=nudged(session.config.start, by=HAIR)))
    other.go(session.position)
    return not torch.allclose(session.weights(runner), other.weights(runner), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("link", FELL)
def test_at_its_own_best_step_nobody_is_called_astray(page, link):
    session, best = Session(read_link(link)), 0
    for step in range(5, 34):
        session.go(step)
        (one,), (other,) = status(session)["runners"], page.ask("seen", f"{link}&step={step}")["runners"]
        assert one["code"] == other["code"], step
        if one["fields"]["back"] == step:
            best += 1
            assert one["beside"] == other["beside"] == [], step
    assert best > 0


@pytest.mark.slow
def test_few_of_the_runs_are_so_wild_that_nothing_need_agree():
    sessions = [made for link in list(links())[::SHARE] if isinstance(made := opened(link), Session)]
    for session in sessions:
        session.go(session.config.step)
    runs = [(session, runner) for session in sessions for runner in range(len(session.race.runners))]
    assert sum(wild(*run) for run in runs) <= len(runs) / 10


@pytest.mark.parametrize(
    ("name", "order"),
    # The lesson on one update looks at one row: in another order it would be another one.
    [(name, order) for name in LESSONS for order in (None, 0, 1) if name != "autograd" or order is None],
)
def test_a_lesson_has_its_answer_in_the_page_too_and_in_other_orders_of_the_rows(page, name, order):
    page.ask("unpermuted" if order is None else "permuted", order)
    assert page.ask("taken", name)["answer"] == LESSONS[name].expected


UNSURE = {("rate_cliff", "far"), ("why_tune", "thrown"), ("nag", "nag_large")}
"""Measures of runs beyond the limit of their rate: Python itself has others from a start a hair beside."""


@pytest.mark.parametrize(
    "name", [n if n in ("xor", "autograd") else pytest.param(n, marks=pytest.mark.slow) for n in LESSONS]
)
def test_the_measures_of_a_lesson_are_those_of_python(page, name):
    page.ask("unpermuted")
    lesson, found = LESSONS[name], page.ask("taken", name)["numbers"]
    wanted = measured(lesson)
    assert found.keys() == wanted.keys()
    missed = [called for called in wanted if not close(found[called], wanted[called])]
    assert {(name, called) for called in missed} <= UNSURE
    others = [measured(lesson, by=by) for by in (HAIR, -HAIR)] if missed else []
    for called in missed:
        known = torch.tensor([numbers[called] for numbers in (found, wanted, *others)], dtype=torch.float64)
        mine, first, *rest = known
        assert known.isfinite().all(), called
        assert abs(mine - first) <= max(abs(other - first) for other in rest), called


def test_clean_rows_are_counted_among_those_that_are_learned_from(page):
    link = "data=outliers&test=0.3&seed=5&loss=nll&start=1,1&optimizers=gradient_descent:1"
    session = Session(read_link(link))
    session.go(40)
    measure = Measure("clean_accuracy", 1)
    rows = make_dataset("outliers", seed=5)
    _, held = hold_out(replace(rows, features=torch.arange(300.0)[:, None]), 0.3, seed=5)
    wrong = {*outlier_rows(rows).nonzero()[:, 0].tolist()}
    kept = [row for row in range(300) if row not in {*held.features[:, 0].tolist()} and row not in wrong]
    z = rows.features[kept] @ session.weights(0)
    wanted = ((z > 0) == (rows.labels[kept] > 0)).double().mean().item()
    assert take(session, measure, 40) == pytest.approx(wanted)
    assert page.ask("measured", [link, "clean_accuracy", 40]) == pytest.approx(wanted)


def measured(lesson, *, by=None):
    """What Python measures in a lesson; perhaps from starts moved by so much."""
    numbers = {}
    for place, step in enumerate(lesson.steps, 1):
        config = read_link(step.link)
        session = Session(config if by is None else replace(config, start=nudged(config.start, by=by)))
        session.go(step.until)
        for called, measure in lesson.measures.items():
            if measure.step == place:
                numbers[called] = take(session, measure, step.until)
    return numbers


def close(found, wanted):
    """Whether two measures are the same; an event that has not come is None in both."""
    return found is wanted if wanted is None else found == pytest.approx(wanted, rel=1e-5, abs=1e-7)


CHANGED = (
    "loss=nll&optimizers=adam:0.2,nag:0.05&10.batch=8&25.optimizers=adam:0.02,rmsprop:0.1&30.loss=mse",
    "optimizers=lbfgs,momentum&5.l2=0.1&9.loss=nll,huber&20.add=1,1,0;-2,0.5,1&24.drop=3,17,301",
    "data=xor&bias=1&batch=32&loss=hinge&7.optimizers=adadelta:5,schedule_free_sgd:0.3,newton:1",
    "loss=nll&12.data=outliers&20.seed=3",
)


@pytest.mark.parametrize("link", CHANGED)
def test_a_run_in_which_something_changes_ends_where_python_ends(page, link):
    found = page.ask("seen", f"{link}&step=40")
    race = play(read_link(f"{link}&step=40"))
    for runner, theta in zip(race.runners, found["theta"], strict=True):
        torch.testing.assert_close(
            torch.tensor(theta, dtype=torch.float64), runner.state.theta, rtol=WALKS, atol=WALKS
        )


MOVES = {
    "batch": ("8", "32", "all"),
    "l2": (0, 0.01, 0.1),
    "loss": (["nll"], ["mse", "nll"], ["hinge"]),
    "optimizers": (
        [["adam", 0.2]],
        [["nag", 0.05], ["adam", 0.1]],
        [["lbfgs", 1]],
        [["gradient_descent", 3]],
    ),
    "add": ([[1, 2, 0]], [[-3, -1, 1], [0, 0, 0]]),
    "drop": ([0], [5, 9]),
}


@pytest.mark.parametrize("seed", range(6))
def test_after_odd_sequences_a_session_is_a_fresh_replay_of_its_link(page, seed):
    page.ask("unpermuted")
    dice, moves = random.Random(seed), []
    for _ in range(50):
        if dice.random() < 0.6:
            moves.append({"go": dice.randint(0, 90)})
        else:
            word = dice.choice(list(MOVES))
            moves.append({"change": {word: dice.choice(MOVES[word])}})
    found = page.ask(
        "moved",
        {
            "link": dice.choice(("", "data=xor&batch=8&bias=1", "data=circles&terms=x1x1,x2x2")),
            "moves": moves,
        },
    )
    assert found["one"] == found["other"], found["link"]


@pytest.mark.parametrize(
    ("optimizer", "batch"), [("adam", "8"), ("nag", "all"), ("lbfgs", "8"), ("schedule_free_sgd", "32")]
)
def test_what_is_inside_a_step_adds_up_to_it_and_leads_where_it_led(page, optimizer, batch):
    link = f"loss=huber&optimizers={optimizer}:0.1&batch={batch}&bias=1&l2=0.3&start=1,-2&step=9&4.l2=0.2"
    found = page.ask("inside", {"link": link, "runner": 0})
    told = found["all"][0]
    examples = torch.tensor([one["example"] for one in found["all"]], dtype=torch.float64)
    penalty, whole = (torch.tensor(told[name], dtype=torch.float64) for name in ("penalty", "gradient"))
    torch.testing.assert_close(examples.mean(0) + penalty, whole, rtol=WALKS, atol=WALKS)
    if not told["elsewhere"]:
        # 0.2 * w, and nothing for the bias.
        assert told["penalty"] == pytest.approx([0.2 * w for w in told["theta"][:2]] + [0.0], rel=1e-12)
    assert told["penalty"][2] == 0
    assert told["rule"][-1]["value"] == pytest.approx(found["theta"], rel=1e-12, abs=1e-12)
    assert (told["step"], told["coming"], told["lost"]) == (9, False, False)
    assert len({one["number"] for one in found["all"]}) == told["size"] == len(found["all"])


POINTS = "1,2,1;2,1,0;-1,-2,0;0.5,0.5,0;0,1,1;-2,0.3,1;0.7,-1.1,0;1.4,0.2,1;-0.6,0.8,1;-1.5,-0.4,0"


@pytest.mark.parametrize("step", [1, 2, 4, 7])
def test_the_examples_that_are_shown_are_the_rows_of_that_very_batch(page, step):
    link = f"data=own&points={POINTS}&loss=nll&optimizers=adam&batch=8&seed=3&step={step}"
    shown = page.ask("inside", {"link": link, "runner": 0})["all"]
    plan = Session(read_link(link)).race.runners[0].plan
    # Ten rows are a batch of eight and one of two.
    epoch, second = divmod(step - 1, 2)
    rows = (plan.order(epoch)[8:] if second else plan.order(epoch)[:8]).tolist()
    assert [row["number"] for row in shown] == rows
    for row in shown:
        nodes = dict(row["nodes"])
        features, label = plan.data.features[row["number"]].tolist(), plan.data.labels[row["number"]].item()
        assert [float(nodes[name]) for name in ("x₁", "x₂", "y")] == [*features, label]


def test_where_nothing_led_the_step_to_come_is_shown_and_of_a_lost_runner_its_last(page):
    coming = page.ask("inside", {"link": "data=assignment&loss=nll&step=0", "runner": 0})["all"][0]
    assert (coming["step"], coming["coming"]) == (1, True)
    link = "data=assignment&loss=exponential&optimizers=gradient_descent:1000000&start=1,1&step=20"
    lost = page.ask("inside", {"link": link, "runner": 0})["all"][0]
    assert lost["lost"]
    assert lost["step"] < 20
