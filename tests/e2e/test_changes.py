"""Changing something while it runs, taking it back, and what survives: as a person does it in the page."""

import re

import pytest
from playwright.sync_api import expect

from chromium import PATIENCE, at_step, needs_chromium, until
from soloneuron.playing.changes import play
from soloneuron.playing.link import read_link

pytestmark = needs_chromium

STEP = "soloneuron.playground.race.step"
MARKS = ".marks span"


def shown_theta(page):
    return page.evaluate("[0, 1].map(place => soloneuron.playground.race.now.theta(0, place))")


def test_a_change_goes_on_from_here_is_marked_and_stands_in_the_address(visit):
    page = visit("?loss=nll&optimizers=adam:0.2&step=20")
    at_step(page, 20)
    before = shown_theta(page)
    page.get_by_label("rows an update").select_option("8")
    page.wait_for_url(re.compile(r"20\.batch=8"))
    expect(page.locator(MARKS)).to_have_count(1)
    assert shown_theta(page) == before
    page.locator("button.step").click()
    at_step(page, 21)
    page.get_by_role("button", name="Copy link").click()
    link = page.locator("dialog pre").inner_text()
    wanted = play(read_link(link)).runners[0].state.theta.float().tolist()
    assert [round(x, 5) for x in shown_theta(page)] == [round(x, 5) for x in wanted]


def test_what_was_changed_is_taken_back_by_key_button_and_browser(visit):
    page = visit("?loss=nll&step=10")
    at_step(page, 10)
    page.get_by_label("L2 penalty").select_option("0.1")
    page.wait_for_url(re.compile("10.l2=0.1"))
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    page.wait_for_url(lambda address: "l2" not in address)
    expect(page.get_by_label("L2 penalty")).to_have_value("0")
    page.locator("button.redo").click()
    page.wait_for_url(re.compile("10.l2=0.1"))
    page.go_back()
    expect(page.get_by_label("L2 penalty")).to_have_value("0")
    page.go_forward()
    expect(page.get_by_label("L2 penalty")).to_have_value("0.1")
    assert page.evaluate(STEP) == 10


def test_noise_shakes_the_rows_from_here_on_and_spares_what_was_set_by_hand(visit):
    page = visit("?data=assignment&loss=nll&step=10&5.add=2,2,1")
    at_step(page, 10)
    page.get_by_label("noise, in standard deviations").select_option("0.5")
    page.wait_for_url(re.compile("5.add=2,2,1&10.noise=0.5"))
    page.locator("button.step").click()
    at_step(page, 11)
    wanted = play(read_link("data=assignment&loss=nll&step=11&5.add=2,2,1&10.noise=0.5"))
    shown = page.evaluate("[...soloneuron.playground.race.setup.data.x]")
    assert shown == pytest.approx(wanted.data.features.flatten().tolist(), rel=1e-12)
    assert shown[-2:] == [2, 2]
    assert [round(x, 5) for x in shown_theta(page)] == [
        round(x, 5) for x in wanted.runners[0].state.theta.float().tolist()
    ]


def test_a_run_survives_a_reload_and_back_leads_to_what_was_before_it(visit):
    page = visit("?loss=nll&step=10")
    at_step(page, 10)
    page.get_by_label("L2 penalty").select_option("0.1")
    page.wait_for_url(re.compile("10.l2=0.1"))
    page.keyboard.press("Escape")
    for step in (11, 12):
        page.locator("button.step").click()
        at_step(page, step)
    page.reload()
    page.wait_for_selector("body[data-ready=true]")
    at_step(page, 12)
    page.go_back()
    page.wait_for_url(lambda address: "l2" not in address)
    expect(page.get_by_label("L2 penalty")).to_have_value("0")


@pytest.mark.parametrize("link", ["?data=xor&step=50", "?data=xor"])
def test_a_reset_survives_a_reload(visit, link):
    page = visit(link)
    at_step(page, 50 if "step" in link else 60)
    page.keyboard.press("r")
    at_step(page, 0)
    page.reload()
    page.wait_for_selector("body[data-ready=true]")
    at_step(page, 0)
    page.wait_for_timeout(300)
    assert (page.evaluate(STEP), page.evaluate("soloneuron.playground.playing")) == (0, False)


def test_back_beyond_all_that_is_known_shows_what_the_address_says(visit):
    page = visit("?data=xor&step=0")
    for place in range(25):
        word, value = ("seed", place) if place % 2 else ("l2", place / 100)
        page.evaluate("changes => soloneuron.playground.configure(changes)", {word: value})
        page.wait_for_url(re.compile(f"{word}={value}(&|$)") if value else re.compile("xor"))
    for _ in range(24):
        page.go_back()
        link = page.evaluate("location.search.slice(1)")
        until(page, f"soloneuron.playground.race.setup.link === {link!r}")
    page.go_forward()
    until(page, "soloneuron.playground.race.setup.link === location.search.slice(1)")


def test_the_keys_work_where_something_was_chosen_from_a_menu(visit):
    page = visit("?loss=nll&step=10")
    at_step(page, 10)
    menu = page.get_by_label("rows an update")
    menu.focus()
    menu.select_option("8")
    page.wait_for_url(re.compile("10.batch=8"))
    expect(menu).to_be_focused()
    for key, step in ((".", 11), (",", 10)):
        page.keyboard.press(key)
        at_step(page, step)
    page.keyboard.press("Control+z")
    page.wait_for_url(lambda address: "batch" not in address)
    expect(menu).to_be_focused()
    # What the menu needs itself is its own.
    for key in ("3", "ArrowUp", "Home"):
        page.keyboard.press(key)
    assert page.evaluate(
        "[soloneuron.playground.race.wanted.optimizers.length, document.body.dataset.step]"
    ) == [1, "10"]
    page.keyboard.press("r")
    at_step(page, 0)


@pytest.mark.parametrize(
    ("box", "typed"), [("start0", "2000"), ("start1", "1,5"), ("rate-gradient_descent", "abc")]
)
def test_a_number_that_was_typed_leaves_the_focus_where_the_tab_key_put_it(visit, box, typed):
    page = visit("?loss=nll&step=1")
    at_step(page, 1)
    page.locator(f"[data-focus={box}]").focus()
    page.keyboard.press("Tab")
    wanted = page.evaluate("document.activeElement.dataset.focus")
    page.locator(f"[data-focus={box}]").fill(typed)
    page.keyboard.press("Tab")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.dataset.focus") == wanted


def test_another_language_leaves_open_and_typed_what_was(visit):
    page = visit("?loss=nll&step=5&optimizers=adam", viewport={"width": 420, "height": 860})
    at_step(page, 5)
    for summary in page.locator(".why summary, .panel summary").all():
        summary.evaluate("one => one.click()")
    page.get_by_role("button", name="Setup", exact=True).click()
    page.get_by_label("Coordinate x₁").fill("-2.5")
    page.get_by_label("Class", exact=True).select_option("1")
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert page.evaluate("[...document.querySelectorAll('details')].map(one => one.open)") == [True] * 3
    typed = page.locator(".panel details:has([data-focus=add])").locator("input, select")
    assert [box.input_value() for box in typed.all()] == ["-2.5", "0", "1"]
    expect(page.get_by_role("button", name="Настройка", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".panel")).to_be_visible()


def test_another_language_leaves_ticked_what_is_expected_in_a_lesson(visit):
    page = visit("?lesson=xor")
    page.locator("[type=radio]").nth(1).check()
    page.get_by_role("button", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("[type=radio]").nth(1)).to_be_checked()


@pytest.mark.parametrize("few", [True, False])
def test_how_much_is_shown_survives_a_reload(visit, few):
    page = visit()
    if not few:
        page.get_by_role("button", name="All controls").click()
    page.locator("button.play").click()
    until(page, "Number(document.body.dataset.step) > 3")
    page.reload()
    page.wait_for_selector("body[data-ready=true]")
    expect(page.locator("body")).to_have_class(re.compile("few") if few else re.compile("^((?!few).)*$"))
    expect(page.locator(".panel")).to_be_visible(visible=not few)


FORBIDDEN = """
    const refuse = () => { throw new DOMException("no", "SecurityError"); };
    Object.defineProperty(globalThis, "localStorage", { get: refuse });
"""


def test_where_nothing_may_be_kept_it_is_said_and_the_page_lives(visit):
    page = visit("?loss=nll&step=5", watch=FORBIDDEN)
    at_step(page, 5)
    expect(page.locator(".note").first).to_contain_text("keeps nothing")
    page.locator("button.step").click()
    at_step(page, 6)


def test_two_quick_choices_of_different_controls_are_both_kept(visit):
    page = visit("?loss=nll&step=1")
    at_step(page, 1)
    page.evaluate(
        """() => {
            const set = (box, value, kind) => { box.value = value; box.dispatchEvent(new Event(kind)); };
            set(document.querySelector("[data-focus=start0]"), "2", "change");
            set(document.querySelector("[data-focus=start1]"), "-3", "change");
            set(document.querySelector("[data-focus=loss1]"), "mse", "change");
            set(document.querySelector("[data-focus=loss0]"), "huber", "change");
        }"""
    )
    page.wait_for_url(re.compile("huber"))
    config = page.evaluate("soloneuron.playground.race.setup.config")
    assert (config["start"], config["loss"]) == ([2, -3], ["huber", "mse"])


def test_the_run_rests_at_the_target_unless_it_is_told_not_to(visit):
    page = visit("?loss=nll&optimizers=adam:0.3&step=1")
    at_step(page, 1)
    page.get_by_label("speed").select_option("240")
    page.locator("button.play").click()
    expect(page.locator(".note").first).to_contain_text("the target is reached")
    rested = page.evaluate(STEP)
    assert page.evaluate("soloneuron.playground.race.status.runners[0].reached") == rested
    page.keyboard.press("r")
    at_step(page, 0)
    page.get_by_label("stop at the target").uncheck()
    page.locator("button.play").click()
    until(page, f"{STEP} > {rested + 20}")


def test_a_point_that_comes_while_it_runs_is_one_word_of_the_link(visit):
    page = visit("?loss=nll&step=5")
    at_step(page, 5)
    page.get_by_text("Points by hand").click()
    page.get_by_label("Coordinate x₁").fill("-2.5")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(re.compile(r"5\.add=-2\.5,0,0"))
    assert page.evaluate("soloneuron.playground.race.setup.data.y.length") == 301
    assert page.evaluate(STEP) == 5


@pytest.mark.parametrize("touch", [False, True])
def test_a_click_takes_away_the_nearest_point_alone(visit, touch):
    crowd = ";".join(f"{place / 100},1,1" for place in range(20))
    page = visit(f"?data=own&points=-1,-1,0;{crowd}&loss=nll&step=5", has_touch=touch)
    at_step(page, 5)
    x, y = page.evaluate(
        """() => {
            const { axes } = soloneuron.playground.layout.stage.cards[0].plane;
            return [axes.x(0.121), axes.y(1)];
        }"""
    )
    plane = page.locator("canvas.picture").first
    (plane.tap if touch else plane.click)(position={"x": x, "y": y})
    page.wait_for_url(re.compile("5.drop="))
    assert page.url.endswith("&5.drop=13")


def test_looking_back_past_a_change_shows_what_held_then(visit):
    page = visit("?loss=nll&10.loss=mse&step=20")
    at_step(page, 20)
    expect(page.locator(".card h2").first).to_contain_text("Squared error")
    page.get_by_label("Step of the run").fill("7")
    at_step(page, 7)
    expect(page.locator(".card h2").first).to_contain_text("Negative log-likelihood")
    page.get_by_label("Step of the run").fill("20")
    at_step(page, 20)
    expect(page.locator(".card h2").first).to_contain_text("Squared error")


@pytest.fixture
def kept(visit, tmp_path):
    """The replay of a link, opened from disk."""
    pages = []

    def keep(link, step):
        page = visit(f"?{link}&step={step}")
        at_step(page, step)
        with page.expect_download() as keeping:
            page.locator("button.replay").click()
        path = tmp_path / "replay.html"
        keeping.value.save_as(path)
        other = page.context.browser.new_page()
        pages.append(other)
        other.set_default_timeout(PATIENCE)
        other.goto(path.as_uri())
        at_step(other, step)
        return other

    yield keep
    for page in pages:
        page.close()


def test_a_replay_of_what_followed_a_change_begins_there(kept):
    link = "data=iris&bias=1&10.batch=8&optimizers=adam:0.2,lion:0.05"
    page = kept(link, 30)
    scrubber = page.get_by_label("Step of the run")
    assert (scrubber.get_attribute("min"), scrubber.get_attribute("max")) == ("10", "30")
    page.keyboard.press("r")
    at_step(page, 10)
    expect(page.locator(".story .line")).to_contain_text("NLL: Step 10: the lowest loss is")
    assert "-" not in page.locator(".race tbody tr td:nth-child(2)").all_inner_texts()
    race = play(read_link(f"{link}&step=10"))
    starts = [runner.state.theta[:2].float().tolist() for runner in race.runners]
    assert page.evaluate("soloneuron.replay.race.setup.starts") == starts
    page.keyboard.press("ArrowLeft")
    at_step(page, 10)
    page.locator("button.play").click()
    at_step(page, 30)


def test_at_the_step_of_a_change_what_came_before_it_is_kept(kept):
    page = kept("data=xor&10.batch=8", 10)
    page.keyboard.press("r")
    at_step(page, 0)
    expect(page.locator(".notes")).to_contain_text("all 300")
