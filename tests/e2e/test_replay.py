"""A replay as a person meets it: a file on a disk, opened in a real Chromium."""

import json
import re
from functools import cache

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import PAINTED, PATIENCE, at_step, needs_chromium
from covering import crossed
from soloneuron.data.catalogue import make_dataset
from soloneuron.data.synthetic import make_blobs
from soloneuron.experiments.trained import train_run
from soloneuron.records.study import Study
from soloneuron.report.page import make_page
from soloneuron.storage.runs import read_run
from soloneuron.texts import LANGUAGES
from soloneuron.view import replay
from study_sizes import small

pytestmark = needs_chromium

RATES = {
    "gradient_descent": 0.3, "momentum": 0.05, "nag": 0.05, "adagrad": 1.0, "rmsprop": 0.1, "adam": 0.2,
}  # fmt: skip

CONTROLS, KEYS = 12, 4
"""Of a race at its end: so many stops of the tabulator, and buttons that play."""


def race(data=None, **settings):
    data = make_dataset("clouds") if data is None else data
    options = {"epochs": 80, "bias": False, "initial": torch.tensor([-6.0, -6.0])} | settings
    return {
        name: train_run(data, optimizer=name, learning_rate=rate, **options) for name, rate in RATES.items()
    }


@cache
def usual(language="en"):
    """The page of a race as it is where nothing else is asked for."""
    return replay(race(), language)


@cache
def report():
    """A report, in Russian, whose experiment keeps a race."""
    return make_page(Study((small("features").run(),), "soloneuron report", {}), "ru")


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page from disk; at the end it has asked for nothing and said nothing in the console."""
    complaints, contexts = [], []

    def open_page(html, *, ready="body[data-ready=true]", **settings):
        path = tmp_path / "race.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **settings})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on("request", lambda request: request.url == path.as_uri() or complaints.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector(ready)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [said for said in complaints if not said.startswith(("data:,", "blob:"))] == []


def test_a_race_opens_at_its_end_with_every_picture_painted(opened):
    page = opened(usual())
    at_step(page, 80)
    page.wait_for_function(PAINTED)
    assert page.locator("canvas").count() == 6
    assert page.locator(".race tbody tr").count() == 6
    expect(page.locator(".result")).to_contain_text("lowest loss")


def test_the_keys_of_the_playground_play_it(opened):
    page = opened(usual())
    at_step(page, 80)
    page.keyboard.press("r")
    at_step(page, 0)
    for key, step in (
        (".", 1),
        (".", 2),
        (",", 1),
        ("ArrowRight", 11),
        ("ArrowLeft", 1),
        ("Shift+ArrowRight", 80),
    ):
        page.keyboard.press(key)
        at_step(page, step)
    page.keyboard.press(" ")
    expect(page.locator("button.play")).to_have_attribute("title", "Pause (space)")
    at_step(page, 80)
    expect(page.locator("button.play")).to_have_attribute("title", "Play (space)")
    page.keyboard.press("3")
    assert page.evaluate("soloneuron.replay.race.chosen") == 2
    expect(page.get_by_label("shown")).to_have_value("2")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("show what that run believes")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_buttons_scrubber_speed_and_the_shown_run(opened):
    page = opened(usual())
    page.get_by_label("Step of the run").fill("7")
    at_step(page, 7)
    page.locator("button.step").click()
    at_step(page, 8)
    page.locator("button.back").click()
    at_step(page, 7)
    page.get_by_label("speed").select_option("960")
    page.locator("button.play").click()
    at_step(page, 80)
    page.get_by_label("shown").select_option("Adam")
    label = "document.querySelector('canvas').ariaLabel"
    page.locator("button.reset").click()
    at_step(page, 0)
    assert "step 0" in page.evaluate(label)


def test_every_control_is_reached_by_tab_and_in_a_group_by_arrows(opened):
    page = opened(usual())
    wanted = page.evaluate(
        """() => {
            const kinds = "button, select, input, summary, canvas[tabindex], [role=region]";
            const shown = [...document.querySelectorAll(kinds)].filter(one => one.checkVisibility());
            globalThis.keys = shown.filter(one => one.closest(".keys") && !one.matches(":disabled"));
            globalThis.controls = shown.filter(one => !one.closest(".keys") || one.tabIndex >= 0);
            return [globalThis.controls.length, globalThis.keys.length];
        }"""
    )
    # Of the group of keys one alone.
    assert wanted == [CONTROLS, KEYS]
    reached, seen = set(), set()
    for _ in range(CONTROLS):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("globalThis.controls.indexOf(document.activeElement)"))
    assert reached == set(range(CONTROLS))
    page.locator(".keys button[tabindex='0']").focus()
    for _ in range(KEYS):
        page.keyboard.press("ArrowRight")
        seen.add(page.evaluate("globalThis.keys.indexOf(document.activeElement)"))
    assert seen == set(range(KEYS))


def test_the_numbers_in_the_page_are_the_runs_to_float32(opened):
    runs = race(batch_size=32, shuffle=True, seed=3, bias=True, initial=torch.tensor([1.0, -2.0, 0.5]))
    page = opened(replay(runs))
    shown = page.evaluate(
        """() => { const { frames, setup } = soloneuron.replay.race;
            return frames.map(f => setup.runners.map((_, r) =>
                [f.theta(r, 0), f.theta(r, 1), f.theta(r, 2), f.gradient(r), f.accuracy(r)])); }"""
    )
    wanted = torch.stack(
        [
            torch.cat([h.theta, h.gradient_norm[:, None], h.accuracy[:, None]], 1)
            for h in (run.history for run in runs.values())
        ],
        1,
    )
    assert torch.equal(torch.tensor(shown, dtype=torch.float64), wanted.float().double())


def test_with_a_bias_the_map_becomes_the_slice_at_the_bias_that_is_shown(opened):
    runs = race(bias=True, initial=torch.tensor([-6.0, -6.0, 2.0]))
    page = opened(replay(runs))
    for step in (0, 2):
        page.evaluate(
            """async steps => { for (const step of steps) {
                soloneuron.replay.go(step);
                await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            } }""",
            [80, 2 - step, 80, step],
        )
        bias = runs["gradient_descent"].history.theta[step, -1].item()
        shown = "soloneuron.replay.stage.cards[0].rest.at(-1)"
        page.wait_for_function(f"() => Math.abs({shown} - {bias}) <= 0.021")


def test_two_losses_stand_side_by_side_even_with_unequal_fields(opened):
    runs = race()
    runs["slow"] = train_run(
        make_dataset("clouds"), loss="mse", learning_rate=0.3, epochs=40, bias=False,
        initial=torch.tensor([-6.0, -6.0]),
    )  # fmt: skip
    page = opened(replay(runs))
    assert page.locator("article.card").count() == 2
    expect(page.locator(".race tbody th").last).to_have_text("slow · MSE")
    expect(page.locator(".story .line")).to_contain_text("MSE: Step 80: loss")


def test_a_run_that_overflowed_is_explained_with_a_way_back(opened):
    far = {"initial": torch.tensor([0.0, 0.0]), "epochs": 60, "bias": False, "loss": "exponential"}
    runs = {
        name: train_run(make_dataset("stretched"), learning_rate=rate, **far)
        for name, rate in (("calm", 1e-4), ("wild", 50.0))
    }
    page = opened(replay(runs))
    warning = page.locator(".warnings li")
    expect(warning).to_contain_text("wild leaves the range of numbers")
    expect(page.locator(".result")).to_contain_text("wild leaves the range of numbers")
    back = warning.get_by_role("button")
    lost = int(back.inner_text().split()[-1])
    assert lost <= runs["wild"].history.epochs[-1]
    page.keyboard.press("r")
    expect(warning).to_have_count(int(lost == 0))
    page.keyboard.press("Shift+ArrowRight")
    back.click()
    at_step(page, lost)
    page.keyboard.press("ArrowRight")
    words = page.evaluate("document.body.innerText")
    assert "NaN" not in words
    assert "Infinity" not in words


@pytest.mark.parametrize("features", [1, 5])
def test_without_a_plane_there_are_curves_a_table_and_a_sentence(opened, features):
    data = make_blobs(60, seed=0)
    X = torch.cat([data.features, data.features, data.features[:, :1]], 1)[:, :features]
    data = type(data)(X, data.labels, tuple(f"x{k}" for k in range(features)))
    page = opened(replay(race(data, initial=None, bias=True)))
    assert page.locator("canvas").count() == 3
    page.wait_for_function(PAINTED)
    expect(page.locator(".notes")).to_contain_text("no plane")
    expect(page.locator(".race tbody td").first).not_to_have_text("")


def test_a_thinned_run_goes_from_record_to_record(opened):
    page = opened(replay(race(record_every=25)))
    at_step(page, 80)
    for key, step in ((",", 75), (",", 50), ("ArrowLeft", 25), (".", 50)):
        page.keyboard.press(key)
        at_step(page, step)
    page.get_by_label("Step of the run").fill("74")
    at_step(page, 50)
    expect(page.locator(".notes")).to_contain_text("The runs keep 5 of the steps from 0 to 80")


@pytest.mark.parametrize(("scheme", "width", "language"), crossed(("light", "dark"), (1440, 420), LANGUAGES))
def test_a_replay_passes_axe(opened, scheme, width, language):
    page = opened(usual(language), color_scheme=scheme, viewport={"width": width, "height": 900})
    at_step(page, 80)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not re.search(r"\b(bar|replay|story|picture|table)\.\w", page.evaluate("document.body.innerText"))


def test_the_command_makes_the_page_of_saved_runs(solo, folder, opened):
    for name, loss in (("one", "nll"), ("two", "mse")):
        assert solo("train", "--quiet", "--loss", loss, "--save-run", f"{name}.json").code == 0
    answer = solo("replay", "one.json", "two.json", "-o", "both.html", "--lang", "ru")
    assert (answer.code, answer.out) == (0, "сохранено: both.html\n")
    page = opened((folder / "both.html").read_text(encoding="utf-8"))
    at_step(page, 100)
    thetas = page.evaluate("[0, 1].map(r => [0, 1, 2].map(k => soloneuron.replay.race.now.theta(r, k)))")
    wanted = [read_run(f"{name}.json").history.theta[-1].float().tolist() for name in ("one", "two")]
    assert thetas == wanted


@pytest.mark.parametrize("width", [1200, 420])
def test_the_report_plays_a_race_as_its_first_picture(opened, width):
    page = opened(report(), ready="html[data-ready=yes]", viewport={"width": width, "height": 900})
    frame = page.frame_locator("iframe.replay")
    frame.locator("body[data-step='40']").wait_for()
    frame.get_by_label("Шаг запуска").fill("3")
    frame.locator("body[data-step='3']").wait_for()
    frame.locator("canvas.surface").focus()
    page.keyboard.press(".")
    frame.locator("body[data-step='4']").wait_for()
    fits = "f => Math.abs(f.offsetHeight - f.contentDocument.body.offsetHeight) < 8"
    assert page.locator("iframe.replay").evaluate(fits)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"iframes": False})
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def saved(solo):
    assert solo("train", "--quiet", "--save-run", "a.json").code == 0
    return "a.json"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda run: run | {"format": "soloneuron model"}, "must be a soloneuron run file"),
        (lambda run: run | {"version": 99}, "install a newer one"),
        (
            lambda run: run["recipe"].update(loss={"name": "own", "own": True}) or run,
            "the loss of bad must be one of",
        ),
        (lambda run: run["data"].update(labels=[0, 1, 0, 0, 1]) or run, "the same data only"),
        (lambda run: run["data"]["features"][0].__setitem__(0, 9) or run, "the same data only"),
        (lambda run: run["history"].update(unit="update") or run, "the same steps only"),
        (lambda run: run["history"].update(epochs=[0] * 101) or run, "for epochs increase"),
    ],
    ids=["another kind", "a newer version", "own loss", "labels", "features", "unit", "epochs"],
)
def test_runs_that_cannot_race_are_refused_with_the_reason(refused, folder, saved, change, word):
    run = change(json.loads((folder / saved).read_text(encoding="utf-8")))
    del run["digest"]
    (folder / "bad.json").write_text(json.dumps(run), encoding="utf-8")
    assert word in refused("replay", saved, "bad.json")


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("a.json", "a.json"), "given once"),
        (("a.json", "./a.json"), "given once"),
        (("gone.json",), "cannot read"),
        ((), "required"),
        (("a.json", "-o", "nowhere/race.html"), "does not exist"),
        (("a.json", "-o", "a.json"), "written over"),
        (("a.json", "-o", "race.gif"), "must end in .html"),
    ],
)
def test_bad_input_of_the_command_is_one_line_and_exit_code_2(refused, arguments, word):
    assert word in refused("replay", *arguments)


def test_a_run_cut_short_is_told(refused, folder, saved):
    (folder / "cut.json").write_text((folder / saved).read_text(encoding="utf-8")[:400], encoding="utf-8")
    assert "cut short" in refused("replay", "cut.json")
