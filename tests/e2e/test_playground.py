"""The playground as a person meets it: one file in a real Chromium."""

import re
from itertools import pairwise

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from chromium import at_step, becomes_painted, needs_chromium, until
from covering import crossed
from soloneuron.data.catalogue import make_dataset
from soloneuron.formulas.losses import as_loss
from soloneuron.formulas.penalties import L2
from soloneuron.formulas.terms import with_terms
from soloneuron.neuron import Neuron
from soloneuron.playing.changes import play
from soloneuron.playing.config import Config
from soloneuron.playing.link import read_link
from soloneuron.playing.session import Session
from soloneuron.records.dataset import Batch
from soloneuron.texts import LANGUAGES, Sentence, text
from soloneuron.view.losses import page_losses

pytestmark = needs_chromium


def test_the_first_load_tells_its_story_without_a_click(visit):
    page = visit("?data=clouds")
    at_step(page, 60)
    story = page.locator(".story .line")
    expect(story).to_contain_text("NLL has had 95% of the points right since step")
    expect(story).to_contain_text("MSE stands still on a plateau")
    becomes_painted(page)
    page.get_by_text("Why?").click()
    expect(page.locator(".why p")).to_contain_text("times shorter")
    assert page.url.endswith("?data=clouds")


def test_changes_that_follow_each_other_at_once_are_all_kept(visit):
    page = visit("?loss=nll&optimizers=gradient_descent&step=1")
    at_step(page, 1)
    page.evaluate(
        "['2', '3', '4', '5'].forEach(key => "
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })))"
    )
    expect(page.locator(".race tbody tr")).to_have_count(5)
    for choice in ("3", "4"):
        page.keyboard.press(choice)
    expect(page.locator(".race tbody tr")).to_have_count(3)


@pytest.mark.parametrize(("start", "wrong"), [("-6,-6", True), ("0.5,0.5", False), ("6,6", False)])
def test_a_start_is_called_confidently_wrong_only_where_it_is(visit, start, wrong):
    page = visit(f"?start={start}&step=1")
    at_step(page, 1)
    expect(page.locator(".story .line")).to_contain_text("the same rate")
    assert ("confidently wrong" in page.locator(".story .line").inner_text()) == wrong
    assert ("sure of the others" in page.locator(".why p").text_content()) == wrong


def test_where_motion_is_not_wanted_the_end_of_the_story_is_shown_at_once(visit):
    page = visit("?data=clouds", reduced_motion="reduce")
    at_step(page, 60)
    expect(page.locator("button.play")).to_have_attribute("title", "Play (space)")


def test_play_step_back_scrub_and_reset(visit):
    page = visit("?loss=nll&optimizers=adam:0.2&step=20")
    at_step(page, 20)
    page.locator("button.step").click()
    at_step(page, 21)
    page.locator("button.back").click()
    at_step(page, 20)
    page.get_by_label("Step of the run").fill("7")
    at_step(page, 7)
    page.locator("button.play").click()
    until(page, "Number(document.body.dataset.step) > 24")
    page.locator("button.play").click()
    page.locator("button.reset").click()
    at_step(page, 0)


def test_a_race_of_six_by_the_keyboard_alone(visit):
    page = visit("?loss=nll&batch=32")
    at_step(page, 0 if page.evaluate("document.body.dataset.step") == "0" else 60)
    page.get_by_role("button", name="Race the best known six").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".race tbody tr")).to_have_count(6)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    at_step(page, 0)
    for step in (1, 2):
        page.keyboard.press(".")
        at_step(page, step)
    page.keyboard.press(",")
    at_step(page, 1)
    page.keyboard.press(" ")
    until(page, "Number(document.body.dataset.step) > 12")
    page.keyboard.press(" ")
    page.keyboard.press("3")
    expect(page.locator(".race tbody tr")).to_have_count(7)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_every_control_is_reached_by_tab(visit):
    page = visit("?step=5")
    at_step(page, 5)
    wanted = page.evaluate(
        """() => {
            for (const folded of document.querySelectorAll("details")) folded.open = true;
            const kinds = "button, select, input, summary, canvas[tabindex], [role=region]";
            globalThis.controls = [...document.querySelectorAll(kinds)]
                .filter(control => control.checkVisibility() && !control.matches(".hidden, :disabled"))
                // In a group the arrows go on.
                .filter(one => one.tabIndex >= 0
                    || !one.closest(".chips, .keys, .more, .neuron, .kinds, .tools, .runner"));
            return globalThis.controls.length;
        }"""
    )
    assert wanted > 30
    seen = set()
    for _ in range(wanted + 1):  # the way past the controls is seen only while it has the focus
        page.keyboard.press("Tab")
        seen.add(page.evaluate("globalThis.controls.indexOf(document.activeElement)"))
    assert seen - {-1} == set(range(wanted))


def test_the_language_changes_in_place_and_no_word_is_missing(visit):
    page = visit("?step=5")
    at_step(page, 5)
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator(".story .line")).to_contain_text("Те же точки")
    words = page.evaluate("document.body.innerText")
    assert not re.search(r"\b(bar|panel|story|judged|picture|table)\.\w", words)
    assert page.url.endswith("#lang=ru")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_a_link_opens_the_same_run(visit):
    link = "?data=outliers&loss=mse&optimizers=adam:0.3,nag:0.01&batch=8&start=2,-3&bias=1&seed=4&step=50"
    page = visit(link)
    at_step(page, 50)
    page.get_by_role("button", name="Copy link").click()
    shown = page.locator("dialog pre").inner_text()
    assert read_link(shown) == read_link(link)
    assert page.evaluate("navigator.clipboard.readText()") == shown
    session = Session(read_link(shown))
    session.go(50)
    cells = page.locator(".race tbody td:nth-child(2)").all_inner_texts()
    assert [float(cell) for cell in cells] == pytest.approx(
        [session.measures(runner)["loss"] for runner in (0, 1)], rel=1e-3
    )


def test_penalties_to_choose_from_rise(visit):
    page = visit("?l2=0.0000002")
    strengths = [float(one) for one in page.get_by_label("L2 penalty").locator("option").all_inner_texts()]
    assert strengths == [0, 2e-7, 0.001, 0.01, 0.1]


def test_without_a_clipboard_what_is_copied_is_shown_to_be_taken_by_hand(visit):
    page = visit(
        "?loss=nll&step=3", watch="Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )
    page.get_by_role("button", name="Copy link").click()
    assert read_link(page.locator("dialog pre").inner_text()) == read_link("loss=nll&step=3")


@pytest.mark.parametrize("what", ["Copy Python", "Copy command"])
def test_a_run_can_be_taken_along(visit, what):
    page = visit("?loss=nll&step=9")
    at_step(page, 9)
    page.get_by_role("button", name=what).click()
    expect(page.locator("dialog pre")).to_contain_text("soloneuron")


def test_nonsense_in_a_link_becomes_a_sentence_and_the_page_lives(visit):
    page = visit("?data=moon")
    becomes_painted(page)
    expect(page.get_by_role("alert")).to_contain_text("data cannot be moon")


def test_a_rate_out_of_range_becomes_a_sentence_and_the_last_good_state_stays(visit):
    page = visit("?loss=nll&step=5")
    at_step(page, 5)
    box = page.locator("input.rate")
    box.fill("1000000000")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("rate must be a number")
    expect(page.locator("input.rate")).to_have_value("0.3")


def test_the_numbers_of_a_formula_can_be_slid_and_hold_from_there_on(visit):
    page = visit("?loss=nll&optimizers=adam&step=20")
    at_step(page, 20)
    page.locator(".runner summary").click()
    page.get_by_label("Adam: beta1").and_(page.locator("[type=range]")).fill("0.3")
    page.wait_for_url(re.compile(r"20\.optimizers=adam:0\.2:beta1=0\.4988"))
    expect(page.locator("input.beta1")).to_have_value("0.4988")
    box = page.locator("input.epsilon")
    box.fill("-1")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("epsilon must be a number from 0 to")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '.', bubbles: true }))")
    at_step(page, 21)
    race = play(read_link("loss=nll&optimizers=adam&20.optimizers=adam:0.2:beta1=0.4988&step=21"))
    cell = page.locator(".race tbody td:nth-child(2)").inner_text()
    assert float(cell) == pytest.approx(float(race.table()[0, -6]), rel=1e-3)


def test_a_number_that_may_be_nothing_is_nothing_at_the_left_end_of_its_slider(visit):
    page = visit("?loss=nll&optimizers=adam&step=3")
    at_step(page, 3)
    page.locator(".runner summary").click()
    slider = page.locator("[data-focus=slide-weight_decay-adam]")
    slider.fill("-1")
    page.wait_for_url(re.compile("weight_decay=0.1"))
    slider.fill("-10")
    page.wait_for_url(lambda address: "weight_decay" not in address)
    expect(page.locator("input.weight_decay")).to_have_value("0")


def test_divergence_is_explained_with_a_way_back(visit):
    page = visit("?loss=nll&data=stretched&optimizers=gradient_descent:40&start=1,1&step=30")
    at_step(page, 30)
    warning = page.locator(".warnings li")
    expect(warning).to_contain_text("times the guaranteed limit")
    expect(page.locator(".story .line")).to_contain_text("NLL has gone astray: its loss is")
    warning.get_by_role("button").click()
    until(page, "Number(document.body.dataset.step) < 30")
    assert "NaN" not in page.evaluate("document.body.innerText")


def test_a_warning_goes_on_with_its_numbers_and_offers_no_way_back_to_where_one_stands(visit):
    page = visit("?data=wine&loss=squared_hinge&optimizers=gradient_descent:1&batch=8&step=3")
    at_step(page, 3)
    line, warning = page.locator(".story .line"), page.locator(".warnings li")
    expect(line).to_contain_text("squared hinge: the loss 153 is above")
    expect(warning.get_by_role("button")).to_have_count(0)
    page.locator("button.back").click()
    at_step(page, 2)
    now = page.evaluate("soloneuron.playground.race.now.loss(0)")
    expect(warning).to_contain_text(f"{now:.3g}")


def test_in_a_race_on_two_losses_a_warning_says_which_it_means(visit):
    page = visit("?data=xor&step=5&optimizers=adam:0.2,polyak_step,dog,adadelta")
    at_step(page, 5)
    said = page.locator(".warnings li").all_inner_texts()
    assert [one.split(":")[0] for one in said if one.startswith("Polyak")] == [
        "Polyak's step size · NLL",
        "Polyak's step size · MSE",
    ]


def test_the_limit_stays_marked_on_the_slider_when_something_is_refused(visit):
    page = visit("?loss=nll&step=5")
    at_step(page, 5)
    limit, said = page.locator(".limit"), page.locator(".runner .hint")
    expect(said).to_contain_text("local limit")
    before = limit.get_attribute("style"), said.inner_text()
    page.locator("input.rate").fill("1000000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("rate must be a number")
    expect(said).to_have_text(before[1])
    assert limit.get_attribute("style") == before[0]


def test_a_csv_file_is_played_and_a_bad_one_refused(visit):
    page = visit("?step=1")
    rows = "".join(f"{i % 7},{i % 5},{'yes' if i % 7 > 3 else 'no'}\n" for i in range(60))
    file = {"name": "mine.csv", "mimeType": "text/csv"}
    page.locator("input[type=file]").set_input_files({**file, "buffer": f"a,b,sick\n{rows}".encode()})
    page.wait_for_url(re.compile("data=own"))
    expect(page.locator(".note").first).to_contain_text("60 of 60")
    page.locator("input[type=file]").set_input_files({**file, "buffer": b"a,b\n1,2\n"})
    expect(page.get_by_role("alert")).to_contain_text("needs two columns of numbers")
    assert "data=own" in page.url


def test_two_thousand_points_are_played_and_their_long_link_is_told(visit):
    page = visit("?step=1&loss=nll")
    rows = "".join(f"{i % 71},{i % 53},{int(i % 71 > 30)}\n" for i in range(2500))
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": f"a,b,sick\n{rows}".encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_url(re.compile("data=own"))
    expect(page.locator(".note").filter(has_text="2000 of 2,500 rows")).to_be_visible()
    page.get_by_role("button", name="Copy link").click()
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("some programs cut such a line off")
    link = dialog.locator("pre").inner_text()
    assert len(read_link(link).points) == 2000
    again = visit("?" + link.partition("?")[2] + "&step=5")
    at_step(again, 5)
    becomes_painted(again)


def test_names_in_a_csv_file_are_words_and_never_markup(visit):
    page = visit("?step=1")
    name = "<script>document.title = 'caught'</script><img src=x>'\""
    rows = "".join(f"{i % 7},{i % 5},{name if i % 7 > 3 else 'no'}\n" for i in range(60))
    head = f'{name},b,<b>"sick"</b>\n'
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": (head + rows).encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_url(re.compile("data=own"))
    note = page.locator(".note").first
    expect(note).to_contain_text("<script>document.title")
    assert page.locator("img").count() == page.locator("b").count() == 0
    assert page.title() != "caught"


def test_a_bad_csv_file_is_refused_in_the_language_of_the_page(visit):
    page = visit("?step=1#lang=ru")
    at_step(page, 1)
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": b"a,b,y\n1,2,0\n3,?,1\n"}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("нужны два столбца")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_fills_a_sentence_as_the_library_does(visit, language):
    page = visit("?step=1")
    sentences = [
        "{n:,} {n:row|rows}" if language == "en" else "{n:,} {n:строка|строки|строк}",
        "{n:row|rows|nothing}" if language == "en" else "{n:строка|строки|строк|ничего}",
        "{n} of {x:.3g}, {x:.2f}, {x:.1%} in {word}",
    ]
    numbers = [0, 1, 2, 5, 11, 14, 21, 22, 100, 101, 111, 112, 1234, 1_234_567]
    cases = [(s, {"n": n, "x": 0.1 + n % 100 / 7, "word": "a"}) for s in sentences for n in numbers]
    shown = page.evaluate(
        "([cases, language]) => cases.map(([s, fields]) => soloneuron.fill(s, fields, language))",
        [cases, language],
    )
    wanted = [Sentence(language).format(s, **fields) for s, fields in cases]
    assert shown == wanted


def test_own_points_by_click_and_by_keyboard(visit):
    page = visit("?data=assignment&loss=nll&step=1")
    at_step(page, 1)
    page.keyboard.press("r")
    at_step(page, 0)
    plane = page.locator("canvas.picture").first
    for count in (6, 7):
        plane.click(position={"x": 60 + 25 * count, "y": 60})
        until(page, f"location.search.split(';').length === {count}")
    page.get_by_text("Points by hand").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Coordinate x₁").fill("-2.5")
    page.get_by_role("button", name="Add", exact=True).focus()
    for count in (8, 9):
        page.keyboard.press("Enter")
        until(page, f"location.search.split(';').length === {count}")
    assert page.url.count("-2.5,0,0") == 2
    page.get_by_role("button", name="Take away the nearest").focus()
    page.keyboard.press("Enter")
    until(page, "location.search.split(';').length === 8")
    assert page.url.count("-2.5,0,0") == 1
    page.get_by_role("button", name="Begin with two").click()
    until(page, "location.search.split(';').length === 2")
    page.get_by_role("button", name="Take away the nearest").click()
    expect(page.get_by_role("alert")).to_contain_text("points of both classes")
    expect(page.locator(".race tbody tr")).to_have_count(1)
    assert page.evaluate("location.search.split(';').length") == 2


def test_keys_work_from_a_slider_and_on_a_russian_keyboard(visit):
    page = visit("?loss=nll&step=20")
    at_step(page, 20)
    page.get_by_label("Step of the run").focus()
    page.keyboard.press("ArrowLeft")
    at_step(page, 19)
    for key, step in ((",", 18), (".", 19)):
        page.keyboard.press(key)
        at_step(page, step)
    press = (
        "([key, code]) => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key, code, bubbles: true }))"
    )
    for key, code, step in (("б", "Comma", 18), ("ю", "Period", 19), ("к", "KeyR", 0)):
        page.evaluate(press, [key, code])
        at_step(page, step)


def test_the_start_follows_a_drag_on_the_map(visit):
    page = visit("?loss=nll&step=1")
    at_step(page, 1)
    box = page.locator("canvas.drag").first.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 140)
    page.mouse.up()
    page.wait_for_url(re.compile("start="))


@pytest.mark.parametrize(("scheme", "width", "language"), crossed(("light", "dark"), (1440, 420), LANGUAGES))
def test_the_page_passes_axe(visit, scheme, width, language):
    page = visit(f"?step=30#lang={language}", color_scheme=scheme, viewport={"width": width, "height": 900})
    at_step(page, 30)
    page.locator(".why summary").click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_narrow_window_shows_one_part_at_a_time(visit):
    page = visit("?step=10", viewport={"width": 420, "height": 860})
    at_step(page, 10)
    for tab, part in (
        ("Setup", ".panel"),
        ("Curves", ".curves"),
        ("Race", ".numbers"),
        ("Pictures", ".stage >> nth=0"),
    ):
        page.get_by_role("button", name=tab, exact=True).click()
        expect(page.locator(part)).to_be_visible()
        visible = page.evaluate(
            "[...document.querySelectorAll('.views > *')].filter(e => e.offsetHeight).length"
        )
        assert visible == (2 if tab == "Pictures" else 1)
        becomes_painted(page)


@pytest.mark.parametrize(
    ("l2", "terms", "rest"), [(0.0, [], []), (0.3, [], [-0.7]), (0.3, ["x1x1", "sinx2"], [0.5, -2.0, 1.5])]
)
def test_the_grid_in_the_page_is_the_grid_in_torch(visit, l2, terms, rest):
    page = visit("?step=1")
    data = make_dataset("clouds")
    size, window = 9, (-7.0, 4.0, -6.0, 5.0)
    points = {"x": data.features.flatten().tolist(), "y": data.labels.tolist()}
    shown = page.evaluate(
        "([losses, points, window, size, rest, config]) => losses.map(loss => {"
        " const grid = soloneuron.landscape(loss, points, window, size, rest, config);"
        " grid.fill(); return Array.from(grid.values); })",
        [list(page_losses()), points, window, size, rest, {"terms": terms, "l2": l2}],
    )
    us, vs = torch.linspace(-7, 4, size).double(), torch.linspace(-6, 5, size).double()
    v, u = torch.meshgrid(vs, us, indexing="ij")
    theta = torch.stack([u, v, *(torch.full_like(u, x) for x in rest)], -1).flatten(0, 1)
    batch = Batch(with_terms(data.features, terms), data.labels)
    for loss, grid in zip(page_losses(), shown, strict=True):
        wanted = Neuron(as_loss(loss), L2(l2), bias=len(rest) > len(terms)).value(theta, batch)
        found = torch.tensor(grid, dtype=torch.float64)
        torch.testing.assert_close(
            found, wanted, rtol=1e-6, atol=1e-6, msg=lambda told, at=loss: f"{at}: {told}"
        )


def test_several_pages_play_their_own_runs(visit):
    pages = [visit(f"?loss=nll&seed={seed}") for seed in (1, 2)]
    for page in pages:
        at_step(page, 60)
    losses = [page.locator(".race tbody td").first.inner_text() for page in pages]
    assert len(set(losses)) == 2
    for one, other in pairwise(losses):
        assert one != other


WRITTEN = """
    const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...area) {
        this.canvas.written = [];
        clearRect.apply(this, area);
    };
    CanvasRenderingContext2D.prototype.fillText = function (name, x, y) {
        const { width } = this.measureText(name);
        const left = x - { left: 0, right: width, center: width / 2 }[this.textAlign];
        this.canvas.written?.push({ name, left, right: left + width, y });
        fillText.call(this, name, x, y);
    };
"""
"""Keeps, for every canvas, the words of its last painting and where they stand."""


def named(word):
    """A name without how far outside the map it stands."""
    return word["name"].partition(" +")[0]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    ("race", "names", "kinds"),
    [
        ("loss=nll&optimizers=gradient_descent,momentum,nag,adagrad,rmsprop,adam", 6, ["curve", "drag"]),
        ("loss=nll,mse", 2, ["curve"]),
    ],
)
def test_every_line_and_path_has_its_name_beside_it_and_no_two_overlap(visit, width, race, names, kinds):
    page = visit(f"?{race}&step=80", watch=WRITTEN, viewport={"width": width, "height": 900})
    at_step(page, 80)
    wanted = {"SGD", "Momentum", "NAG", "Adagrad", "RMSProp", "Adam"} if names == 6 else {"NLL", "MSE"}
    for kind, tab in zip(kinds, ("Curves", "Pictures"), strict=False):
        if width < 900:
            page.get_by_role("button", name=tab, exact=True).click()
        count = page.evaluate(f"document.querySelectorAll('canvas.{kind}').length")
        assert count == (3 if kind == "curve" else 1)
        for i in range(count):
            canvas = f"document.querySelectorAll('canvas.{kind}')[{i}]"
            until(page, f"({canvas}.written ?? []).length > 0")
            written, wide, high = page.evaluate(
                f"[{canvas}.written, {canvas}.clientWidth, {canvas}.clientHeight]"
            )
            labels = sorted((word for word in written if named(word) in wanted), key=lambda word: word["y"])
            assert {named(label) for label in labels} == wanted
            assert all(label["left"] >= 0 and label["right"] <= wide for label in labels)
            assert all(5 <= label["y"] <= high - 5 for label in labels)
            assert all(below["y"] - above["y"] >= 10 for above, below in pairwise(labels))


def test_of_many_names_those_are_written_that_have_room(visit):
    names = ["gradient_descent", "momentum", "nag", "adagrad", "rmsprop", "adam", "adamw", "nadam", "radam"]
    names += ["lion", "adabelief", "adamax"]
    page = visit(f"?loss=nll&optimizers={','.join(names)}&step=60", watch=WRITTEN)
    at_step(page, 60)
    wanted = {text("en", f"optimizers.{name}.short") for name in names}
    for kind in ("curve", "drag"):
        canvas = f"document.querySelector('canvas.{kind}')"
        until(page, f"({canvas}.written ?? []).length > 0")
        heights = [word["y"] for word in page.evaluate(f"{canvas}.written") if word["name"] in wanted]
        assert 2 <= len(heights) < len(names)
        assert all(below - above >= 10 for above, below in pairwise(sorted(heights)))


def test_the_defaults_of_page_and_session_agree(visit):
    page = visit("?step=3")
    config = page.evaluate("soloneuron.playground.race.setup.config")
    assert tuple(config["loss"]) == Config().loss
    assert tuple(config["start"]) == Config().start


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_race_is_kept_as_a_replay_that_plays_from_disk(visit, browser, tmp_path, language):
    link = "?loss=nll&batch=8&bias=1&optimizers=adam:0.2,nag:0.02&step=30"
    page = visit(f"{link}#lang={language}")
    at_step(page, 30)
    with page.expect_download() as keeping:
        page.locator("button.replay").click()
    path = tmp_path / keeping.value.suggested_filename
    keeping.value.save_as(path)
    assert path.name == "soloneuron-replay.html"
    asked = []
    other = browser.new_page()
    other.on("request", lambda request: asked.append(request.url))
    other.goto(path.as_uri())
    at_step(other, 30)
    assert [url for url in asked if url.startswith("http")] == []
    session = Session(read_link(link))
    session.go(30)
    weights = other.evaluate("[0, 1].map(r => [0, 1, 2].map(k => soloneuron.replay.race.now.theta(r, k)))")
    assert weights == [session.weights(runner).float().tolist() for runner in (0, 1)]
    losses = other.evaluate("[0, 1].map(r => soloneuron.replay.race.now.loss(r))")
    assert losses == pytest.approx([session.measures(runner)["loss"] for runner in (0, 1)], rel=1e-6)
    expect(other.locator(".notes")).to_contain_text("update, on 8 of 300" if language == "en" else "8 из 300")
    other.close()


def test_a_race_is_kept_as_a_file_of_which_a_command_makes_the_report(visit, solo, folder):
    page = visit("?step=20")
    at_step(page, 20)
    with page.expect_download() as keeping:
        page.locator("button.report").click()
    keeping.value.save_as(folder / keeping.value.suggested_filename)
    command = page.locator("dialog pre").inner_text()
    assert command == f"soloneuron report {keeping.value.suggested_filename}"
    assert solo(*command.split()[1:]).code == 0
    (written,) = folder.rglob("*.html")
    assert "SGD · MSE: loss 0.9492 in the first epoch, 0.9492 in epoch 20" in written.read_text(
        encoding="utf-8"
    )


def test_at_the_start_there_is_nothing_to_keep_and_the_page_says_so(visit):
    page = visit("?loss=nll&step=1")
    at_step(page, 1)
    page.locator("button.reset").click()
    at_step(page, 0)
    page.locator("button.replay").click()
    expect(page.get_by_role("alert")).to_contain_text("play first")
