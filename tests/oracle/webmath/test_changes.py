"""What changes while a run goes on: written into the link, and read out of it alike by page and Python."""

import random

import pytest
import torch

from soloneuron.data.catalogue import make_dataset
from soloneuron.playing.changes import heirs, race_after, stages_of
from soloneuron.playing.config import MOST_CHANGES, MOST_POINTS
from soloneuron.playing.link import read_link, write_link
from soloneuron.playing.race import LiveRace

OWN = "data=own&points=" + ";".join(f"{i},{i % 3},{i % 2}" for i in range(12))


def rows_of(link):
    data = LiveRace(read_link(link)).data
    return data.features.tolist(), data.labels.tolist()


def asked(page, link, changes):
    x, y = rows_of(link)
    exact = [
        torch.tensor(numbers, dtype=torch.float64) for numbers in ([value for row in x for value in row], y)
    ]
    return page.ask("changed", [link, {"count": len(y), "width": 2, "x": exact[0], "y": exact[1]}, changes])


def python_rows(link):
    """The rows at the end of a link, by the race that follows it without a step."""
    first, *later = stages_of(read_link(link))
    race = LiveRace(first.config)
    for stage in later:
        race = race_after(race, stage)
    return race.data.features.flatten(), race.data.labels


@pytest.mark.parametrize("seed", range(12))
def test_edits_of_rows_one_after_the_other_are_those_of_the_link(page, seed):
    chance, step = random.Random(seed), 0
    x, y = rows_of(OWN)
    rows, changes = [(*one, label) for one, label in zip(x, y, strict=True)], []
    for _ in range(8):
        step += chance.choice([0, 0, 3])
        gone = sorted(chance.sample(range(len(rows)), chance.choice([0, 1, 2])))
        added = [
            [chance.randrange(9) / 2, -1.0, chance.randrange(2)] for _ in range(chance.choice([0, 1, 3]))
        ]
        after = [row for i, row in enumerate(rows) if i not in gone] + [tuple(row) for row in added]
        if len({label for *_, label in after}) < 2 or not (gone or added):
            continue
        changes.append([step, {"drop": gone, "add": added}])
        rows = after
    found = asked(page, OWN, changes)
    wanted = torch.tensor(rows, dtype=torch.float64)
    assert torch.equal(found["x"], wanted[:, :2].flatten())
    assert torch.equal(found["y"], wanted[:, 2])
    x, y = python_rows(found["link"])
    assert torch.equal(x, found["x"])
    assert torch.equal(y, found["y"])


def test_what_was_to_change_later_is_forgotten_and_what_holds_already_is_not_written(page):
    changes = [[5, {"batch": "8"}], [9, {"batch": "1"}], [7, {"l2": 0.5}], [7, {"batch": "8"}]]
    assert asked(page, "data=xor", changes)["link"] == "data=xor&5.batch=8&7.l2=0.5"


def test_a_later_word_at_the_same_step_takes_the_place_of_the_earlier(page):
    changes = [[5, {"batch": "8", "l2": 0.1}], [5, {"batch": "1"}], [5, {"l2": 0}]]
    assert asked(page, "data=xor", changes)["link"] == "data=xor&5.batch=1"


def test_rows_made_anew_forget_the_edits_before(page):
    changes = [[5, {"add": [[1, 1, 0]]}], [5, {"seed": 3}], [8, {"drop": [0]}], [8, {"data": "rare"}]]
    assert asked(page, "data=xor", changes)["link"] == "data=xor&5.seed=3&8.data=rare"


def test_noise_keeps_what_was_done_to_the_rows_and_leaves_added_points_where_they_are(page):
    changes = [[5, {"add": [[1, 1, 0]], "drop": [2]}], [8, {"noise": 0.5}]]
    found = asked(page, "data=xor", changes)
    assert found["link"] == "data=xor&5.drop=2&5.add=1,1,0&8.noise=0.5"
    noisy = make_dataset("xor", noise=0.5).features
    expected = torch.cat([noisy[:2], noisy[3:], noisy.new_tensor([[1.0, 1.0]])])
    assert torch.equal(python_rows(found["link"])[0], expected.flatten())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([[3, {"drop": [0, 2, 4, 6, 8, 10]}]], "points.left"),
        ([[3, {"add": [[1, 1, 0]] * MOST_POINTS}]], "points.count"),
        ([[step, {"add": [[1, 1, 0]]}] for step in range(MOST_CHANGES + 1)], "change.count"),
        ([[3, {"data": "own", "points": []}]], "points.none"),
        ([[3, {"points": [[1, 1, 0]]}]], "points.one_class"),
    ],
)
def test_a_change_that_leaves_nothing_to_learn_is_refused(page, changes, code):
    found = asked(page, OWN, changes)
    assert found.get("code", "") == f"playground.{code}"


PAIRS = [
    ("loss=nll", "loss=mse"),
    ("loss=nll,mse", "loss=mse,nll"),
    ("loss=nll,mse", "loss=hinge"),
    ("loss=nll", "loss=nll,mse"),
    ("optimizers=adam,nag", "optimizers=nag,adam"),
    ("optimizers=adam,nag", "optimizers=momentum,nag,lion"),
    ("optimizers=adam", "optimizers=adam:0.9"),
    ("loss=nll,mse&optimizers=adam,nag,rprop", "loss=hinge,nll&optimizers=nag,momentum"),
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_runners_go_on_from_the_same_places_in_both(page, before, after):
    one, two = read_link(before), read_link(after)
    mine = [heir and heir._asdict() for heir in heirs(one.loss, one.optimizers, two.loss, two.optimizers)]
    assert page.ask("heirs", [before, after]) == mine


def test_what_holds_at_a_step_is_the_last_stage_up_to_it(page):
    link = "data=xor&5.batch=8&9.data=rare&9.l2=0.1"
    stages = {stage.step: write_link(stage.config) for stage in stages_of(read_link(link))}
    assert [page.ask("at", [link, step]) for step in (0, 4, 5, 8, 9, 99)] == [
        stages[step] for step in (0, 0, 5, 5, 9, 9)
    ]
