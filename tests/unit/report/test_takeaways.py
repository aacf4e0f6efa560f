"""What a report gives to take away is true of the numbers, in both languages, whatever they are."""

import math
import re
from dataclasses import replace

import pytest

from soloneuron.experiments.catalogue import EXPERIMENTS
from soloneuron.experiments.surface_race import RACED_METHODS
from soloneuron.records.findings import Chart, Findings, Series
from soloneuron.report.pictures import HEIGHT, WIDTH, Axes, Bar, PictureLine, bars, lines
from soloneuron.report.takeaways import COUNT, TAKEAWAY_PLACES, takeaways
from soloneuron.report.theory import first_step
from soloneuron.texts import LANGUAGES, table, text
from soloneuron.texts.phrases import Phrase

INF = math.inf


def planted(name, numbers, charts=()):
    """Findings of these numbers, with the sentences that they support."""
    return Findings(name, numbers, EXPERIMENTS.load(name).verdicts(numbers), charts=charts)


def features(raw, even):
    cases = {
        f"{case}.{kind}.gradient_descent": 10.0
        for case in ("alike", "apart")
        for kind in ("raw", "even", "white")
    }
    done = {
        f"moved.raw.{rule}": 5.0
        for rule in ("gradient_descent", "momentum", "adagrad", "rmsprop", "adam", "rprop")
    }
    wide = {
        "wide.raw.gradient_descent": raw,
        "wide.even.gradient_descent": even,
        "moved.even.gradient_descent": 5.0,
    }
    return planted("features", {"own": 0.0, "epochs": 700.0} | cases | done | wide)


def batches(small, large):
    numbers = {"most": 28.0, "rows": 440.0, "updates.1": small[0] * 440, "updates.440": large[0]}
    for size, epochs in ((1, small), (440, large)):
        numbers |= {f"epochs.{size}": epochs[0]} | {f"epochs.{size}.{k}": one for k, one in enumerate(epochs)}
    return planted("batch_sizes", numbers)


def race(near=(), **costs):
    numbers = {"own": 0.0, "most": 270.0, "updates": 1.0, "first": RACED_METHODS.index("adam")}
    for name in RACED_METHODS:
        numbers |= {f"cost.{name}": costs.get(name, 200.0), f"works.{name}": 0.5}
        numbers[f"beaten.{name}"] = float(name not in ("adam", *near))
    return planted("race", numbers)


def saturated(nll, mse):
    line = Series("x", (0, 1, 2), (0.5, 0.9, 1.0))
    chart = Chart("lines", Phrase("study.saturated.chart"), (line, line), "epoch", "accuracy")
    numbers = {"own": 0.0, "epochs": 2000.0, "goal": 0.95, "gradient.nll.6": 2.0, "gradient.mse.6": 0.001}
    return planted("saturated", numbers | {"epochs.nll.6": nll, "epochs.mse.6": mse}, (chart,))


def cliff(below, above):
    line = Series("x", (0.01, 1.0, 10.0), (1e-16, 1e-16, 0.5))
    chart = Chart("lines", Phrase("study.rate_cliff.chart"), (line,), "ratio", "excess", log="xy")
    return planted("rate_cliff", {"limit": 19.0, "excess.0.95": below, "excess.1.05": above}, (chart,))


NEVER = dict.fromkeys(RACED_METHODS, INF)

CASES = {
    "saturated": {
        "yes": saturated(15.0, INF), "no": saturated(15.0, 16.0),
        "reversed": saturated(90.0, 15.0), "unknown": saturated(INF, INF),
    },
    "batch_sizes": {
        "yes": batches((9, 9, 9), (26, 26, 26)), "no": batches((26, 9, 9), (26, 26, 9)),
        "reversed": batches((26, 26, 26), (9, 9, 9)), "unknown": batches((INF,) * 3, (INF,) * 3),
    },
    "features": {
        "yes": features(623.0, 7.0), "no": features(7.0, 7.0),
        "reversed": features(7.0, 623.0), "unknown": features(INF, INF),
    },
    "rate_cliff": {"yes": cliff(1e-16, 0.02), "no": cliff(0.5, 0.5)},
    "race": {
        "yes": race(adam=18.0), "no": race(("nag",), adam=18.0, nag=19.0),
        "only": race(**NEVER | {"adam": 9.0}), "nobody": race(**NEVER),
    },
}  # fmt: skip

PLANTED = [(name, answer, found) for name, answers in CASES.items() for answer, found in answers.items()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "answer", "found"), PLANTED)
def test_heading_sentence_and_picture_are_those_of_the_numbers(name, answer, found, language):
    (one,) = takeaways([found], language)
    assert one.experiment == name
    assert one.heading == text(language, f"report.takeaways.{name}.{answer}")
    claims = next(place[name] for place in TAKEAWAY_PLACES if name in place)
    told = [verdict.phrase for verdict in found.verdicts if verdict.claim in claims]
    assert one.sentence == " ".join(phrase.say(language) for phrase in told)
    assert told[0].key.endswith(f"_{answer}") or told[0].key.endswith(f".{answer}")
    assert one.picture.startswith("<svg")
    assert "inf" not in one.picture
    assert "nan" not in one.picture


def test_every_heading_that_is_worded_is_planted():
    worded = {
        (name, answer) for name, answers in table("en", "report")["takeaways"].items() for answer in answers
    }
    alone = {name for name, _ in worded} - CASES.keys()
    assert alone == {"outliers", "condition"}
    assert {(name, answer) for name, answer, _ in PLANTED} == {
        pair for pair in worded if pair[0] not in alone
    }
    assert {name for name, _ in worded} <= {name for place in TAKEAWAY_PLACES for name in place}


def test_the_shorter_bar_is_that_of_the_smaller_number():
    widths = {
        raw: [
            float(x)
            for x in re.findall(
                r'<rect [^>]*width="([\d.]+)"', takeaways([features(raw, 7.0)], "en")[0].picture
            )
        ]
        for raw in (7.0, 14.0, 623.0)
    }
    assert widths[7.0][0] == widths[7.0][1]
    assert widths[14.0][0] == pytest.approx(2 * widths[14.0][1], abs=0.1)
    assert widths[623.0][0] > 50 * widths[623.0][1]


def test_marked_are_the_first_and_those_that_cannot_be_told_from_it():
    for answer, marked in (("yes", 1), ("no", 2), ("only", 1), ("nobody", 0)):
        (one,) = takeaways([CASES["race"][answer]], "en")
        assert one.picture.count("bar marked") == marked


def test_there_are_five_and_each_place_is_taken_by_its_first():
    five = [answers["yes"] for answers in CASES.values()]
    assert [one.experiment for one in takeaways(five[::-1], "en")] == list(CASES)
    assert len(takeaways(five, "ru")) == COUNT == len(TAKEAWAY_PLACES)


def test_numbers_of_another_version_are_left_out():
    old = replace(CASES["race"]["yes"], numbers={})
    assert takeaways([old], "en") == []


def test_an_infinite_bar_is_an_arrow_longer_than_the_others_and_nothing_leaves_the_picture():
    picture = bars([Bar("a", INF, "> 700"), Bar("b", 600.0, "600"), Bar("c", 0.0, "0")], "label")
    assert picture.count("<rect") == 2
    tips = [float(x) for x in re.findall(r"L([\d.]+) [\d.]+L[\d.]+ [\d.]+L", picture)]
    ends = [
        float(x) + float(w) for x, w in re.findall(r'<rect [^>]*x="([\d.]+)"[^>]*width="([\d.]+)"', picture)
    ]
    assert max(ends) < tips[0] + 6 < WIDTH
    assert bars([Bar("a", INF, "> 7")], "all infinite").count("<path") == 1


def test_a_line_has_no_point_that_its_axes_cannot_show():
    odd = PictureLine("a", (0, 1, 2, 3, 4), (1.0, None, math.nan, -1.0, 5.0))
    (points,) = re.findall(r'points="([^"]*)"', lines([odd], Axes("x", "y", "xy"), "l"))
    assert len(points.split()) == 1
    flat = lines(
        [PictureLine("a", (0, 1), (2.0, 2.0)), PictureLine("b", (0, 1), (2.0, 2.0))], Axes("x", "y"), "l"
    )
    heights = [float(y) for y in re.findall(r'<text class="name\d" x="[\d.]+" y="([\d.]+)"', flat)]
    assert abs(heights[0] - heights[1]) >= 13
    places = [float(part) for part in re.findall(r'points="([^"]*)"', flat)[0].replace(",", " ").split()]
    assert all(0 <= place <= max(WIDTH, HEIGHT) for place in places)
    assert lines([], Axes("x", "y"), "nothing").count("<polyline") == 0


def test_words_of_a_picture_are_never_markup():
    picture = bars([Bar("<b>&", 1.0, "<i>")], '"<script>')
    assert "<b>" not in picture
    assert "<script>" not in picture
    assert "&lt;b&gt;&amp;" in picture


def test_the_step_in_numbers_is_the_step_of_the_formulas():
    step = first_step()
    assert step.p == pytest.approx(1 / (1 + math.exp(-step.z)))
    assert step.error == step.p - 1
    assert step.gradient == pytest.approx((step.error, 2 * step.error, step.error))
    assert step.after == pytest.approx(
        (0.1 - 0.1 * step.gradient[0], -0.2 - 0.1 * step.gradient[1], -0.1 * step.gradient[2])
    )
    assert step.worst < 1e-9
