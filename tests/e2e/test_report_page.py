"""The report as a person meets it: opened from disk in a real Chromium, on screens, by keyboard, on paper."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe

from chromium import PATIENCE, needs_chromium, until
from covering import crossed
from soloneuron.cli import main

PAPER = 688
"""CSS pixels between the margins of a sheet of A4."""

pytestmark = needs_chromium

DRAWN = "figure:has(.plot)"
"""A figure that plotly draws; the race that plays is none."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A page of two experiments: lines, a landscape, a relief, tables."""
    path = tmp_path_factory.mktemp("report") / "page.html"
    assert main(["report", "--only", "condition,nesterov_nag", "--quiet", "-o", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A page of two saved runs: surfaces too."""
    folder = tmp_path_factory.mktemp("runs")
    runs = [str(folder / f"{loss}.json") for loss in ("nll", "mse")]
    for run, loss in zip(runs, ("nll", "mse"), strict=True):
        assert main(["train", "--quiet", "--loss", loss, "--epochs", "20", "--save-run", run]) == 0
    assert main(["compare", *runs, "-o", str(folder / "page.html"), "--lang", "ru"]) == 0
    return folder / "page.html"


@pytest.fixture
def visit(browser):
    """Open a page; at the end it asked for nothing and complained of nothing."""
    complaints, contexts = [], []

    def open_page(path, *, folded=False, **settings):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda line: line.type in ("error", "assert") and complaints.append(line.text))
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on("request", lambda request: outside(request.url) and complaints.append(request.url))
        page.goto(path.as_uri())
        if settings.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready=yes]")
        if not folded:
            page.locator("details.chapter").evaluate_all("folds => folds.forEach(fold => (fold.open = true))")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def outside(address):
    return not address.startswith(("file:", "data:", "blob:"))


def come_to(figure):
    """Bring a figure to the screen and wait until it is drawn."""
    figure.scroll_into_view_if_needed()
    figure.locator(".main-svg").first.wait_for(state="attached")


HASTE = """async (count) => {
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    document.documentElement.style.scrollBehavior = "auto";
    const places = [...document.querySelectorAll(".plot")];
    for (let round = 0; round < 2; round++) {
        for (const place of places) {
            place.scrollIntoView();
            for (let k = 0; k < count; k++) await frame();
            scrollTo(0, scrollY < document.body.scrollHeight / 2 ? document.body.scrollHeight : 0);
            for (let k = 0; k < count; k++) await frame();
        }
    }
}"""


@pytest.mark.parametrize("which", ["made", pytest.param("drawn", marks=pytest.mark.slow)])
def test_a_reader_in_haste_leaves_no_figure_half_drawn(request, visit, which):
    page = visit(request.getfixturevalue(which), viewport={"width": 1280, "height": 300})
    for frames in (1, 2, 4):
        page.evaluate(HASTE, frames)
    figures = page.locator(DRAWN)
    for k in range(figures.count()):
        come_to(figures.nth(k))


@pytest.mark.parametrize(("which", "scheme"), crossed(("made", "drawn"), ("light", "dark"), strength=1))
def test_every_figure_draws_itself_when_it_comes_into_view(request, visit, which, scheme):
    page = visit(request.getfixturevalue(which), color_scheme=scheme)
    figures = page.locator(DRAWN)
    assert figures.count() >= 4
    for k in range(figures.count()):
        come_to(figures.nth(k))


@pytest.mark.parametrize(
    ("which", "shown"), crossed(("made", "drawn"), (("light", 1280), ("dark", 390)), strength=1)
)
def test_accessibility_rules_find_nothing_to_mend(request, visit, which, shown):
    scheme, width = shown
    page = visit(
        request.getfixturevalue(which), color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    come_to(page.locator(DRAWN).nth(1))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("which", ["made", "drawn"])
def test_nothing_is_wider_than_a_narrow_screen(request, visit, which):
    page = visit(request.getfixturevalue(which), viewport={"width": 390, "height": 844})
    figures = page.locator(DRAWN)
    for k in range(figures.count()):
        come_to(figures.nth(k))
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_contents_are_reached_by_keyboard_and_lead_to_their_part(visit, made):
    page = visit(made, reduced_motion="reduce", viewport={"width": 390, "height": 844})
    links = page.locator("nav a")
    for _ in range(1 + page.locator(".five a").count()):
        page.keyboard.press("Tab")  # to what skips all this, and past what leads to the evidence
    for k in range(links.count()):
        page.keyboard.press("Tab")
        assert links.nth(k).evaluate("link => link.matches(':focus-visible')")
    page.keyboard.press("Enter")
    assert page.url.endswith("#setup")
    assert page.locator("#setup").bounding_box()["y"] < 844


# The layers.


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720)])
def test_what_to_take_away_is_on_the_first_screen(visit, made, width, height):
    page = visit(made, folded=True, viewport={"width": width, "height": height})
    cards = page.locator(".five article")
    boxes = [cards.nth(k).bounding_box() for k in range(cards.count())]
    assert boxes
    assert all(box["y"] + box["height"] <= height for box in boxes)
    assert all(page.locator(".five svg").nth(k).bounding_box()["width"] > 150 for k in range(len(boxes)))


def test_on_a_phone_a_picture_comes_within_two_screens(visit, made):
    page = visit(made, folded=True, viewport={"width": 390, "height": 844})
    box = page.locator("figure").first.bounding_box()
    assert box["y"] + box["height"] < 2 * 844


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("goal", ["chapter-surface", "nesterov_nag"])
def test_a_link_opens_the_fold_around_its_goal(visit, made, goal, script):
    page = visit(made, folded=True, java_script_enabled=script, reduced_motion="reduce")
    assert page.locator("details.chapter[open]").count() == 0
    assert not page.locator(f"#{goal}").is_visible()
    page.locator(f'main a[href="#{goal}"]').first.click()
    page.locator(f"#{goal}").wait_for()
    assert page.locator(f"details.chapter[open] #{goal}").count() == 1
    assert page.locator("details.chapter[open]").count() == 1
    assert -1 <= page.locator(f"#{goal}").bounding_box()["y"] < 900


def test_an_address_with_a_goal_opens_its_fold_and_so_does_the_same_link_again(visit, made):
    page = visit(made, folded=True)
    page.goto(made.as_uri() + "#condition")
    page.locator("#condition").wait_for()
    page.locator("details.chapter[open]").evaluate("fold => (fold.open = false)")
    page.locator('a.see[href="#condition"]').first.click()
    page.locator("#condition").wait_for()


def test_without_a_script_the_theory_and_the_pictures_are_there(visit, made):
    page = visit(made, folded=True, java_script_enabled=False)
    assert page.locator(".five svg").count() >= 2
    assert page.locator("math").count() >= 8
    page.locator("details.chapter summary").first.click()
    assert page.locator("details.chapter[open] table").first.is_visible()


EDGES = """async (picture) => {
    const image = Object.assign(new Image(), { src: `data:image/png;base64,${picture}` });
    await image.decode();
    const { width, height } = image;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    return [1, width - 2].map((x) => [...pen.getImageData(x, 2, 1, 1).data].slice(0, 3));
}"""


@pytest.mark.parametrize(("scheme", "ground"), [("light", [255, 255, 255]), ("dark", [20, 23, 27])])
def test_a_table_that_goes_on_casts_a_shadow_on_that_side(visit, made, scheme, ground):
    page = visit(made, color_scheme=scheme, viewport={"width": 390, "height": 844})
    for k in range(page.locator(DRAWN).count()):  # or what is drawn meanwhile moves the table
        come_to(page.locator(DRAWN).nth(k))
    table = page.locator("section .table").first
    assert table.evaluate("table => table.scrollWidth > table.clientWidth + 60")

    def shadows(place):
        table.evaluate("(table, place) => table.scrollTo(place, 0)", place)
        edges = page.evaluate(EDGES, base64.b64encode(table.screenshot()).decode())
        return [max(abs(a - b) for a, b in zip(edge, ground, strict=True)) > 20 for edge in edges]

    assert shadows(0) == [False, True]
    assert shadows(9999) == [True, False]


def test_whose_keyboard_is_in_the_race_sees_it_at_its_frame(visit, drawn):
    page = visit(drawn)
    frame = page.locator("iframe.replay")
    button = page.frame_locator("iframe.replay").get_by_role("button").first
    button.wait_for()
    outline = "frame => getComputedStyle(frame).outlineStyle"
    button.click()
    assert frame.evaluate(outline) == "none"
    page.locator(".get").first.focus()
    page.keyboard.press("Tab")
    until(page, "() => getComputedStyle(document.querySelector('iframe.replay')).outlineStyle === 'solid'")
    page.keyboard.press("Shift+Tab")
    until(page, "() => getComputedStyle(document.querySelector('iframe.replay')).outlineStyle === 'none'")


@pytest.fixture
def race(visit, made):
    """The page at its race, and what tells where it stands."""
    page = visit(made, reduced_motion="reduce")
    figure = page.locator(DRAWN, has_text="3 paths").first
    come_to(figure)
    figure.locator(".race").wait_for()
    return page, figure


def mark(figure):
    """The first method's mark, as Plotly holds it."""
    return figure.locator(".plot").evaluate(
        "plot => plot.data.filter(trace => trace.mode === 'markers').map(mark => [mark.x[0], mark.y[0]])[0]"
    )


def shapes(figure):
    """How many outlines are drawn: contours, and paths with their edges."""
    return figure.locator(".contourlayer path, .scatterlayer path.js-line").count()


def test_a_race_waits_at_its_end_until_somebody_starts_it(race):
    _, figure = race
    assert figure.locator("output").inner_text() == "epoch 60"
    assert figure.get_by_role("button").inner_text() == "Play"


def test_a_race_is_played_stopped_and_set_by_keyboard(race):
    page, figure = race
    end, ground = mark(figure), shapes(figure)
    assert ground > 20
    button, slider = figure.get_by_role("button"), figure.get_by_role("slider")
    button.focus()
    page.keyboard.press("Enter")
    assert button.inner_text() == "Pause"
    until(page, "() => document.querySelector('.race input').value > 2")
    page.keyboard.press("Enter")
    assert button.inner_text() == "Play"
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "epoch 0"
    assert mark(figure) == [0, 0]
    page.keyboard.press("End")
    assert figure.locator("output").inner_text() == "epoch 60"
    assert mark(figure) == end
    assert shapes(figure) == ground


def test_a_race_that_has_ended_starts_again_from_the_start_and_stops_at_the_end(race):
    page, figure = race
    slider = figure.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    figure.get_by_role("button").click()
    until(page, "() => document.querySelector('.race button').textContent === 'Play'")
    assert figure.locator("output").inner_text() == "epoch 60"
    figure.get_by_role("button").click()
    assert int(slider.input_value()) < int(slider.get_attribute("max"))


def test_a_table_is_taken_away_as_csv(visit, made):
    page = visit(made)
    with page.expect_download() as found:
        page.locator("a.get").first.click()
    rows = found.value.path().read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + page.locator("section table").first.locator("tbody tr").count()


@pytest.fixture
def paper(visit, made):
    """The dark page as it goes to the printer."""
    page = visit(made, color_scheme="dark", viewport={"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    until(page, "() => document.querySelectorAll('.plot .main-svg').length >= 8")
    return page


def test_on_paper_everything_is_there_and_nothing_is_cut(paper):
    assert paper.locator("details:not([open])").count() == 0
    assert paper.locator(".plot").count() == paper.locator(".plot:has(.main-svg)").count()
    assert paper.evaluate("document.documentElement.scrollWidth") <= PAPER
    cut = "parts => parts.filter(part => part.scrollWidth > part.clientWidth).map(part => part.textContent)"
    assert paper.locator(".table, pre, .graph, figure").evaluate_all(cut) == []


def test_on_paper_dark_colors_are_off(paper):
    assert paper.evaluate("getComputedStyle(document.body).color") == "rgb(27, 31, 36)"
    fonts = paper.locator(".plot").evaluate_all("plots => plots.map(plot => plot.layout.font.color)")
    assert set(fonts) == {"#1b1f24"}
    lines = paper.locator(".plot").first.evaluate("plot => plot.data.map(one => one.line.color)")
    assert lines == ["#CC6677", "#332288"]


def test_on_paper_there_is_no_race_that_cannot_play_and_no_list_of_links(visit, made, drawn):
    page = visit(drawn)
    race = page.locator("figure:has(iframe)")
    assert race.is_visible()
    page.emulate_media(media="print")
    assert not race.is_visible()
    page = visit(made)
    assert page.locator("nav").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()


def test_after_printing_the_page_is_as_it_was(paper):
    paper.emulate_media(media="screen", color_scheme="dark")
    paper.evaluate("dispatchEvent(new Event('afterprint'))")
    assert paper.locator("details[open]:not(.chapter)").count() == 1
    come_to(paper.locator(DRAWN).first)
    until(paper, "() => document.querySelector('.plot').layout?.font.color === '#e6e9ed'")


def test_a_printed_page_is_a_pdf_of_many_pages(visit, made):
    page = visit(made, color_scheme="dark")
    assert page.pdf(format="A4").count(b"/Type /Page\n") >= 5
