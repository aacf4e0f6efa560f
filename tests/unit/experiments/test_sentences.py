"""What the study says of planted numbers is true of them: true, false, reversed, not to be told."""

import re

import pytest

from soloneuron.experiments.base import short_name
from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.features import TUNED_METHODS
from soloneuron.experiments.repeats import repeated
from soloneuron.experiments.rotation import DIAGONAL
from soloneuron.experiments.surface_race import RACED_METHODS
from soloneuron.experiments.tuning_free import ESTIMATING, RATE_TUNED, SEARCH_METHODS, UNTUNED
from soloneuron.texts import LANGUAGES, table

INF = float("inf")
RACED = ("gradient_descent", "momentum", "adagrad", "adadelta", "rmsprop", "adam")


def costs(key, *each):
    """What was measured in each repeat, and the median."""
    return {key: sorted(each)[len(each) // 2]} | repeated(key, each)


def runs(**counts):
    """The assignment's runs, of 10 printed numbers each, and how many of them agree."""
    agree = {"run_1": 10, "run_2": 8, "run_3": 8, "run_4": 10, "replay_2": 10, "replay_3": 10}
    numbers = {"example_matches": 0, "conventions": 6, "element_matches": 1, "element_values": 5}
    for name, equal in (agree | counts).items():
        if name in agree:
            numbers |= {f"{name}.count": 10, f"{name}.equal": equal, f"{name}.worst": 0.1 * (10 - equal)}
    return numbers | {name: value for name, value in counts.items() if name not in agree}


def ball(power=1.0, full=1e-9, shuffled=0.1, drawn=0.2):
    return {"power": power, "full": full, "shuffled": shuffled, "drawn": drawn}


def read(single, full):
    return {"single": single, "full": full, "rows": 1000, "most": 40_000}


def batches(small=(9, 9, 9), large=(40, 40, 40)):
    """Of 100 rows, in batches of 1 and of all."""
    numbers = {"most": 50, "rows": 100, "updates.1": 100 * small[0], "updates.100": large[0]}
    return numbers | costs("epochs.1", *small) | costs("epochs.100", *large)


def bowl(kappa=10.0, predicted=9 / 11, measured=9 / 11, even=1.5, other=2.0):
    """Two cases, the first of which is easy."""
    numbers = {"own": 0.0, "epochs": 1000, "kappa.1": other, "predicted.1": 1 / 3, "measured.1": 1 / 3}
    numbers |= {"kappa.5": kappa, "predicted.5": predicted, "measured.5": measured}
    return numbers | {"standardized.1": even, "standardized.5": even}


def cliff(below, above):
    return {"limit": 1.0, "excess.0.95": below, "excess.1.05": above}


def shapes(own=0.0, done=("rprop",), **steps):
    """Steps of plain descent by case and kind, 100 unless said; who finishes on features as they are."""
    numbers = {"own": own, "epochs": 1000}
    for case in ("wide", "moved", "alike", "apart", "yours"):
        for kind in ("raw", "even", "white"):
            numbers[f"{case}.{kind}.gradient_descent"] = steps.get(f"{case}_{kind}", 100)
        for rule in TUNED_METHODS[1:]:
            numbers[f"{case}.raw.{rule}"] = 50 if rule in done else INF
    return numbers


def ravine(own=0.0, **steps):
    """Steps before and after the turn, by method."""
    numbers = {"own": own, "steps": 1000}
    for name in ("momentum", *DIAGONAL):
        straight, turned = steps.get(name, (100, 100))
        numbers |= {f"straight.{name}": straight, f"turned.{name}": turned}
    return numbers


def start(nll=2.0, mse=0.001, fast=15, slow=INF):
    return {"gradient.nll.6": nll, "gradient.mse.6": mse, "goal": 0.95, "epochs": 2000} | {
        "epochs.nll.6": fast,
        "epochs.mse.6": slow,
    }


def turn(nll, mse):
    numbers = {"turn.nll": nll, "turn.mse": mse, "accuracy.nll": 0.8, "accuracy.mse": 0.9}
    return numbers | {"count": 10, "rows": 300}


def noise(low=-0.001, high=0.001, nll=0.02, mse=0.02, mae=0.2):
    numbers = {"answers.low": low, "answers.high": high, "repeats": 3}
    for loss, error in (("nll", nll), ("mse", mse), ("mae", mae)):
        numbers |= {f"accuracy.{loss}.0.3": 0.9, f"calibration.{loss}.0.3": error}
    return numbers


def rare(loss=(-0.01, 0.01), gain=(0.2, 0.3), plain=0.6, weighted=0.85):
    numbers = {"loss.low": loss[0], "loss.high": loss[1], "weights.low": gain[0], "weights.high": gain[1]}
    numbers |= {"plain.nll": plain, "plain.mse": plain, "balanced.nll": weighted}
    return numbers | {"share": 0.05, "repeats": 3}


def lengths(free=(5.0, 10.0, 15.0), held=(4.0, 6.0, 6.0)):
    numbers = {f"log.{k}": 2.3 * k for k in range(3)}
    return numbers | repeated("free", free) | repeated("held", held)


def race(near=(), first="adam", **others):
    """By the median Adam needs 50, the others 800; the first is clearly faster than all but some."""
    numbers = {"own": 0.0, "updates": 10.0, "most": 900.0, "first": RACED_METHODS.index(first)}
    for name in RACED_METHODS:
        numbers[f"cost.{name}"] = others.get(name, 50 if name == "adam" else 800)
        numbers[f"beaten.{name}"] = float(name not in (first, *near))
    return numbers | {f"works.{name}": others.get(f"works_{name}", 0.1) for name in RACED_METHODS}


def untuned(faster="", estimate=60.0, search=20.0, tuned=50.0, card=300.0):
    """The best of each kind, and of two kinds who is clearly faster."""
    numbers = {"own": 0.0, "most": 200.0, "tried": 20.0, "usual": 0.001} | {
        f"{claim}.{way}": float(f"{claim}.{way}" == faster)
        for claim in ("estimate", "search", "card")
        for way in ("faster", "slower")
    }
    kinds = {ESTIMATING: estimate, SEARCH_METHODS: search, RATE_TUNED: tuned}
    found = {f"cost.{name}": cost for names, cost in kinds.items() for name in names}
    return numbers | found | {f"cost.{UNTUNED}": card}


def never(*but):
    return {name: (INF,) * 3 for name in RACED_METHODS if name not in but}


def found(ada, plain):
    numbers = {f"excess.{name}": 0.5 for name in RACED} | {f"weight.{name}": 1.0 for name in RACED}
    return numbers | costs("excess.adagrad", *ada) | costs("excess.gradient_descent", *plain) | {"true": 2.0}


def surface(**others):
    """NAG needs 20 steps from all of three starts, all others 900."""
    numbers = {"most": 2000.0, "rate": 0.01} | {f"works.{name}": 0.5 for name in RACED_METHODS}
    for name in RACED_METHODS:
        numbers |= costs(f"steps.{name}", *others.get(name, (20, 20, 20) if name == "nag" else (900,) * 3))
    return numbers


def flip(ada, plain):
    numbers = {f"steps.{name}": 50 for name in RACED} | {"before": 4000, "after": 1000}
    return numbers | costs("steps.adagrad", *ada) | costs("steps.gradient_descent", *plain)


def tails(plain, adam):
    numbers = {f"{kind}.{name}": 0.5 for kind in ("normal", "cauchy") for name in (*RACED, "lion")}
    return numbers | {"cauchy.gradient_descent": plain, "cauchy.adam": adam}


def decay(own=0.0, l2=0.9, decoupled=0.9):
    numbers = {"own": own}
    for part in ("narrow", "wide", "all"):
        numbers |= {f"l2.{part}.0.1": l2, f"decoupled.{part}.0.1": decoupled}
    return numbers


SURFACES = {
    "winner": {
        "yes": [surface(), surface(nag=(10, 20, 40), adam=(14, 28, 56)), surface(adam=(30, INF, INF))],
        "no": [
            surface(adam=(25, 25, 25)),
            surface(adam=(19, 800, 900)),
            surface(nag=(20, 20, INF)),
            surface(nesterov=(20, 20, 20)),
        ],
        "only": [surface(**never("nag")), surface(**never("nag", "adam"), adam=(900, INF, INF))],
        "nobody": [surface(**never()), surface(**never("adam"), adam=(INF, 9, INF))],
    },
    "plain": {
        "yes": [surface(), surface(gradient_descent=(27, 27, 27)), surface(gradient_descent=(INF, INF, INF))],
        "no": [surface(gradient_descent=(20, 27, 27)), surface(gradient_descent=(22, 22, 22))],
        "reversed": [surface(gradient_descent=(1, 2, 3))],
        "unknown": [surface(**never()), surface(**never("gradient_descent"), gradient_descent=(INF, 9, INF))],
    },
}

PLANTED = {
    "assignment": {
        "run_1": {"yes": [runs()], "no": [runs(run_1=9)]},
        "run_2": {"yes": [runs(run_2=10)], "no": [runs()]},
        "run_3": {"yes": [runs(run_3=10)], "no": [runs()]},
        "run_4": {"yes": [runs()], "no": [runs(run_4=0)]},
        "fault": {"yes": [runs()], "no": [runs(replay_3=9)]},
        "example": {"yes": [runs()], "no": [runs(example_matches=1)]},
        "element": {"yes": [runs()], "no": [runs(element_matches=5)]},
    },
    "batch_noise": {
        "ball": {"yes": [ball(), ball(power=0.8)], "no": [ball(power=2.0), ball(power=-1.0)]},
        "full": {"yes": [ball()], "no": [ball(full=0.1)]},
        "shuffled": {
            "yes": [ball()],
            "no": [ball(shuffled=0.19), ball(shuffled=0.2), ball(shuffled=0.21)],
            "reversed": [ball(shuffled=0.3), ball(shuffled=INF)],
            "unknown": [ball(shuffled=INF, drawn=INF)],
        },
    },
    "duplicates": {
        "rows": {
            "yes": [read(80, 30_000), read(100, 130)],
            "only": [read(80, INF)],
            "no": [read(100, 120), read(100, 90)],
            "reversed": [read(900, 500), read(INF, 500)],
            "unknown": [read(INF, INF), read(INF, 30_000)],
        },
    },
    "batch_sizes": {
        "epochs": {
            "yes": [batches(), batches(large=(INF, INF, INF))],
            "no": [batches(small=(9, 9, 41)), batches(small=(38, 38, 38)), batches(small=(INF, 9, 9))],
            "reversed": [batches(large=(3, 3, 3)), batches(small=(INF, INF, INF))],
            "unknown": [batches((INF, INF, INF), (INF, INF, INF))],
        },
        "updates": {
            "yes": [batches(), batches(small=(INF, INF, INF))],
            "no": [batches(large=(INF, INF, INF)), batches(small=(0.3, 9, 9))],
            "reversed": [batches(small=(0.1, 0.1, 0.1))],
            "unknown": [batches((INF, INF, INF), (INF, INF, INF))],
        },
    },
    "condition": {
        "rate": {
            "yes": [bowl()],
            "no": [bowl(measured=0.1)],
            "part": [bowl(kappa=1e9)],
            "unknown": [bowl(kappa=1e9, other=1e8)],
        },
        "standardize": {
            "yes": [bowl()],
            "no": [bowl(even=9.0), bowl(even=10.0), bowl(even=11.0)],
            "reversed": [bowl(even=100.0)],
            "unknown": [bowl(kappa=INF, even=INF)],
        },
    },
    "rate_cliff": {
        "cliff": {
            "yes": [cliff(1e-12, 0.1), cliff(1e-12, INF)],
            "no": [cliff(1e-12, 1e-12), cliff(0.1, 0.1), cliff(0.1, 1e-12)],
        },
    },
    "features": {
        **{
            case: {
                "yes": [shapes(**{f"{case}_even": 9}), shapes(**{f"{case}_raw": INF})],
                "no": [shapes(), shapes(**{f"{case}_even": 60}), shapes(**{f"{case}_even": 150})],
                "reversed": [shapes(**{f"{case}_raw": 9}), shapes(**{f"{case}_even": INF})],
                "unknown": [shapes(**{f"{case}_raw": INF, f"{case}_even": INF})],
            }
            for case in ("wide", "moved")
        },
        "alike": {
            "yes": [shapes(alike_raw=9)],
            "no": [shapes()],
            "reversed": [shapes(alike_raw=900), shapes(alike_raw=INF)],
            "unknown": [shapes(alike_raw=INF, apart_raw=INF)],
        },
        "apart": {
            "yes": [shapes(apart_white=9)],
            "no": [shapes()],
            "reversed": [shapes(apart_even=9)],
            "unknown": [shapes(apart_white=INF, apart_even=INF)],
        },
        "finish": {
            "yes": [shapes()],
            "no": [shapes(done=TUNED_METHODS), shapes(done=(), moved_raw=INF)],
        },
        "yours": {
            "yes": [shapes(own=1.0, yours_even=9)],
            "no": [shapes(own=1.0)],
            "reversed": [shapes(own=1.0, yours_raw=9)],
            "unknown": [shapes(own=1.0, yours_raw=INF, yours_even=INF)],
        },
        "white": {
            "yes": [shapes(own=1.0, yours_white=9)],
            "no": [shapes(own=1.0)],
            "reversed": [shapes(own=1.0, yours_even=9)],
            "unknown": [shapes(own=1.0, yours_white=INF, yours_even=INF)],
        },
        "finish_own": {"yes": [shapes(own=1.0)], "no": [shapes(own=1.0, done=TUNED_METHODS)]},
    },
    "rotation": {
        f"{claim}{tail}": answers
        for own, tail in ((0.0, ""), (1.0, "_own"))
        for claim, answers in {
            "momentum": {
                "yes": [ravine(own), ravine(own, momentum=(100, 120)), ravine(own, momentum=(120, 100))],
                "no": [ravine(own, momentum=(100, 200)), ravine(own, momentum=(100, INF))],
                "reversed": [ravine(own, momentum=(200, 100)), ravine(own, momentum=(INF, 100))],
                "unknown": [ravine(own, momentum=(INF, INF))],
            },
            "diagonal": {
                "yes": [ravine(own, **dict.fromkeys(DIAGONAL, (100, 200)))],
                "no": [ravine(own, adam=(100, INF)), ravine(own, adam=(100, 200), adagrad=(INF, INF))],
                "none": [ravine(own), ravine(own, adam=(200, 100)), ravine(own, momentum=(100, 200))],
                "unknown": [ravine(own, **dict.fromkeys(DIAGONAL, (INF, INF))), ravine(own, adam=(INF, INF))],
            },
        }.items()
    },
    "saturated": {
        "gradient": {
            "yes": [start()],
            "no": [start(mse=1.0), start(mse=2.1)],
            "reversed": [start(mse=3.0), start(nll=0.0)],
        },
        "escape": {
            "yes": [start(), start(slow=100)],
            "no": [start(slow=15), start(slow=14), start(slow=17)],
            "reversed": [start(slow=2), start(fast=INF, slow=100)],
            "unknown": [start(fast=INF)],
        },
    },
    "outliers": {
        "turn": {
            "yes": [turn(40.0, 3.0)],
            "no": [turn(40.0, 38.0), turn(3.0, 1.5), turn(0.0, 0.0), turn(50.0, 45.0)],
            "reversed": [turn(3.0, 40.0)],
        },
    },
    "label_noise": {
        "answers": {
            "yes": [noise()],
            "no": [noise(low=0.01, high=0.1), noise(low=-0.1, high=-0.01)],
            "unclear": [noise(low=-0.1, high=0.1)],
        },
        "trust": {
            "yes": [noise()],
            "no": [noise(mae=0.02), noise(nll=0.05, mse=0.3, mae=0.1), noise(nll=0.9)],
            "reversed": [noise(nll=0.3, mse=0.3, mae=0.1)],
        },
    },
    "imbalance": {
        "loss": {
            "yes": [rare()],
            "no": [rare(loss=(0.01, 0.2)), rare(loss=(-0.2, -0.01))],
            "unclear": [rare(loss=(-0.2, 0.2))],
        },
        "weights": {
            "yes": [rare()],
            "no": [rare(gain=(-0.01, 0.3)), rare(weighted=0.62), rare(gain=(0.0, 0.0), weighted=0.6)],
            "reversed": [rare(gain=(-0.3, -0.2), weighted=0.35)],
        },
    },
    "separable": {
        "growth": {
            "yes": [lengths()],
            "no": [
                lengths(free=(5.0, 10.0, 1000.0)),
                lengths(free=(5.0, 10.0, 10.0)),
                lengths(free=(5.0, 5.0, 5.0)),
                lengths(free=(15.0, 10.0, 5.0)),
            ],
        },
        "penalty": {
            "yes": [lengths()],
            "no": [
                lengths(held=(4.0, 6.0, 9.0)),
                lengths(held=(4.0, 6.0, 3.0)),
                lengths(held=(0.0, 0.0, 1.0)),
            ],
        },
    },
    "race": {
        "winner": {
            "yes": [race(), race(nag=51)],
            "no": [race(near=("nag",), nag=74), race(near=("nag",), nag=40), race(near=RACED_METHODS)],
            "only": [race(**dict.fromkeys({*RACED_METHODS} - {"adam"}, INF))],
            "nobody": [race(**dict.fromkeys(RACED_METHODS, INF))],
        },
        "easy": {
            "yes": [race(works_nag=0.5), race(**{f"works_{name}": 0.0 for name in RACED_METHODS[1:]})],
            "no": [race(works_nag=0.5, works_adam=0.45), race(works_nag=0.5, works_adam=0.5)],
            "none": [race()],
        },
    },
    "tuning_free": {
        "estimate": {
            "yes": [untuned("estimate.faster", estimate=20.0)],
            "no": [untuned(), untuned(estimate=45.0)],
            "reversed": [untuned("estimate.slower"), untuned("estimate.slower", estimate=INF)],
            "nobody": [untuned(estimate=INF, tuned=INF)],
        },
        "search": {
            "yes": [untuned("search.faster"), untuned("search.faster", tuned=INF)],
            "no": [untuned()],
            "reversed": [untuned("search.slower", search=90.0)],
            "nobody": [untuned(search=INF, tuned=INF)],
        },
        "card": {
            "yes": [untuned("card.slower"), untuned("card.slower", card=INF)],
            "no": [untuned(card=55.0), untuned(tuned=INF, card=INF)],
        },
    },
    "rare_feature": {
        "adagrad": {
            "yes": [found((1, 2, 3), (2, 3, 4)), found((1, 1, 1), (INF, INF, INF))],
            "no": [found((1, 2, 3), (2, 3, 2.9)), found((1, 1, 1), (1.1, 1.1, 1.1))],
            "reversed": [found((2, 3, 4), (1, 2, 3)), found((INF, INF, INF), (1, 1, 1))],
            "unknown": [found((INF, INF, INF), (INF, INF, INF))],
        },
    },
    "saddle": SURFACES,
    "plateau": SURFACES,
    "rosenbrock": SURFACES,
    "concept_flip": {
        "late": {
            "yes": [flip((150, 160, 170), (100, 101, 165)), flip((INF, INF, INF), (100, 100, 100))],
            "no": [flip((150, 160, 170), (100, 101, 175)), flip((110, 110, 110), (100, 100, 100))],
            "reversed": [flip((10, 10, 10), (100, 100, 100))],
            "unknown": [flip((INF, INF, INF), (INF, INF, INF))],
        },
    },
    "heavy_tails": {
        "limits": {
            "yes": [tails(3.0, 0.1)],
            "no": [tails(1.0, 0.9), tails(0.9, 1.0)],
            "reversed": [tails(0.1, 3.0)],
            "unknown": [tails(INF, INF)],
        },
    },
    "nesterov_nag": {
        "same": {
            "yes": [{"constant": 1e-15, "falling": 0.1}],
            "no": [{"constant": 0.1, "falling": 0.1}],
        },
        "apart": {
            "yes": [{"constant": 1e-15, "falling": 0.1}],
            "no": [{"constant": 1e-15, "falling": 0.0}],
        },
    },
    "weight_decay": {
        "differ": {"yes": [decay(l2=0.3), decay(decoupled=0.3)], "no": [decay(), decay(l2=0.93)]},
        "differ_own": {"yes": [decay(1.0, l2=0.3)], "no": [decay(1.0)]},
    },
}

CASES = [
    pytest.param(name, claim, answer, numbers, id=f"{name}-{claim}-{answer}-{k}")
    for name, claims in PLANTED.items()
    for claim, answers in claims.items()
    for answer, planted in answers.items()
    for k, numbers in enumerate(planted)
]

SUPPORTS = ("yes", "only")
"""With these answers a claim holds."""


@pytest.mark.parametrize(("name", "claim", "answer", "numbers"), CASES)
def test_planted_numbers_get_the_sentence_that_is_true_of_them(name, claim, answer, numbers):
    (verdict,) = (one for one in EXPERIMENTS.load(name).conclude(numbers) if one.claim == claim)
    key = "nobody" if (name, answer) == ("race", "nobody") else f"{claim}_{answer}"
    assert verdict.phrase.key == f"study.{name}.{key}"
    assert verdict.holds == (answer in SUPPORTS)
    for language in LANGUAGES:
        said = verdict.phrase.say(language)
        assert not re.search(r"[{}]|\bnan\b", said)
        assert "inf" not in said or (name, claim) in BOUNDLESS


BOUNDLESS = {("rate_cliff", "cliff"), ("condition", "standardize"), ("batch_noise", "shuffled")} | {
    ("rare_feature", "adagrad")
}
"""Losses and distances may be infinite; a count of steps is more than were made."""


ANSWERS = ("yes", "no", "reversed", "part", "unclear", "unknown", "none", "nobody", "only")


def test_every_answer_that_is_worded_is_planted():
    worded = {
        (name, claim, answer)
        for name in EXPERIMENTS
        for claim, _, answer in (key.rpartition("_") for key in table("en", "study")[name])
        if answer in ANSWERS and claim not in ("", "not")
    }
    planted = {
        (name, claim, answer)
        for name, claims in PLANTED.items()
        for claim, answers in claims.items()
        for answer in answers
    }
    assert worded - planted == set()
    assert planted - worded == {("race", "winner", "nobody")}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_claim_has_numbers_that_turn_it(name):
    for claim, answers in PLANTED[name].items():
        assert {"yes", "no"} <= set(answers), claim


@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_as_many_rates_suit_or_who_costs_the_same_is_named_with_the_others(language):
    equal = {one.claim: one for one in EXPERIMENTS.load("race").conclude(BOTH)}
    named, other = (short_name(name).say(language) for name in ("momentum", "nag"))
    for claim in ("winner", "easy"):
        said = equal[claim].phrase.say(language)
        assert "Adam" in said
        assert named in said
    assert other not in equal["winner"].phrase.say(language)
    alone = EXPERIMENTS.load("race").conclude(race(momentum=90))[0].phrase.say(language)
    assert named in alone
    assert other not in alone


BOTH = race(near=("momentum",), momentum=50, works_adam=0.5, works_momentum=0.5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_cannot_be_told_from_the_first_is_named_in_order_with_its_median(language):
    near = surface(nesterov=(20, 20, 30), adam=(20, 500, 500), momentum=(31, 500, 500))
    said = EXPERIMENTS.load("plateau").conclude(near)[0].phrase.say(language)
    places = [said.index(name) for name in ("Nesterov (20", "NAG (20", "Adam (500")]
    assert places == sorted(places)
    assert "Momentum" not in said
    second = EXPERIMENTS.load("plateau").conclude(surface(adam=(40, 40, 40), rmsprop=(40, 40, 40)))[0]
    assert "RMSProp, Adam" in second.phrase.say(language)
    assert "Adagrad" not in second.phrase.say(language)
