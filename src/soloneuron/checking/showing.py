"""An examination as people read it: lines for a terminal, and HTML for a notebook or a page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from soloneuron.checking.records import Examination, LikelyCause, PointResult
from soloneuron.texts import text

STATE_MARKS = {"holds": "+", "counterexample": "x", "not checked": "?", "note": "i"}
COLORS = {"holds": "#117733", "counterexample": "#AA3355", "not checked": "#777777", "note": "#44AA99"}
STATE_SIGNS = {"holds": "✓", "counterexample": "✗", "not checked": "?", "note": "i"}
CHECK_STYLE = (
    "border-left:3px solid {color};padding:2px 0 2px 12px;margin:4px 0;max-width:52em;font-size:14px"
)
CODE = (
    "background:rgba(127,127,127,.12);padding:6px 10px;margin:4px 0;"
    "white-space:pre-wrap;overflow-wrap:anywhere"
)
MOST_METHOD_LINES = 24
"""So many lines of a method are shown."""


def headline(examination: Examination, language: str) -> str:
    """One sentence: how many counterexamples among how many programs."""
    call = examination.description.call or examination.description.name
    count = sum(point.fails for point in examination.points)
    key = "nothing" if examination.exit_code == 2 else "wrong" if count else "clean"
    return text(language, f"checking.view.{key}", call=call, count=count, programs=programs_of(examination))


def programs_of(examination: Examination) -> int:
    """How many programs were run, the random ones among them."""
    return max(1, sum(point.programs for point in examination.points))


def as_text(examination: Examination, language: str) -> str:
    """Lines for a terminal: what fails with its counterexample, then a line a point."""
    lines = [headline(examination, language)]
    facts = _facts(examination, language)
    lines += [f"  {name}: {said}" for name, said in facts]
    shown_causes: set[tuple[str, str]] = set()
    for point in examination.points:
        if point.fails:
            lines += [
                "",
                f"{STATE_MARKS[point.state]} {point.title.say(language)}",
                *_example_lines(point, language),
            ]
            cause = point.cause
            if cause is not None and shown_once(cause) not in shown_causes:
                shown_causes.add(shown_once(cause))
                lines += [f"    {line}" for line in _cause_lines(cause, language)]
    lines.append("")
    for point in examination.points:
        if not point.fails and point.state != "not checked":
            lines.append(f"{STATE_MARKS[point.state]} {point.title.say(language)}{_why(point, language)}")
            if point.state == "note":
                lines += _example_lines(point, language)
    for reason, titles in unchecked(examination, language):
        lines += [f"{STATE_MARKS['not checked']} {reason}", *(f"    {title}" for title in titles)]
    return "\n".join("".join(c if c.isprintable() else "\ufffd" for c in line) for line in lines).rstrip()


def _facts(examination: Examination, language: str) -> Iterator[tuple[str, str]]:
    if examination.description.place:
        yield text(language, "checking.view.place"), examination.description.place
    if examination.spec != "auto":
        yield text(language, "checking.view.spec"), examination.spec
    if examination.guards:
        yield text(language, "checking.view.guards"), ", ".join(examination.guards)


def _why(point: PointResult, language: str) -> str:
    return f": {point.said.say(language)}" if point.said is not None else ""


def _example_lines(point: PointResult, language: str) -> list[str]:
    example = point.counterexample
    if example is None:
        return []
    lines = [f"    {line}" for line in example.program.splitlines()]
    return [*lines, f"    {answer_shown(point, language)}", *(f"    {line}" for line in example.also)]


def answer_shown(point: PointResult, language: str) -> str:
    """What came and what is right, of a point with a counterexample."""
    example = point.counterexample
    if example is None:
        return ""
    if not example.want:
        return text(language, "checking.view.raised_only", got=example.got)
    key = "got" if example.reads else "raised"
    return text(language, f"checking.view.{key}", reads=example.reads, got=example.got, want=example.want)


def _cause_lines(cause: LikelyCause, language: str) -> list[str]:
    lines = [text(language, "checking.view.cause", said=cause.said.say(language))]
    if cause.method is None:
        return lines
    return [
        *lines,
        *(f"{number:>5}{'>' if marked else ' '} {line}" for number, line, marked in code_of(cause)),
    ]


def shown_once(cause: LikelyCause) -> tuple[str, str]:
    """What a cause is known by: it is shown once for each method."""
    return cause.id, cause.method.name if cause.method else ""


def code_of(cause: LikelyCause) -> list[tuple[int, str, bool]]:
    """The lines of a cause's method, numbered, and whether they stand out; of a long method those around."""
    if cause.method is None:
        return []
    lines = [
        (number, line, number in cause.lines)
        for number, line in enumerate(cause.method.text.splitlines(), cause.method.line)
    ]
    if len(lines) <= MOST_METHOD_LINES:
        return lines
    first = next((k for k, (*_, marked) in enumerate(lines) if marked), 0)
    start = max(0, min(first - 4, len(lines) - MOST_METHOD_LINES))
    return lines[start : start + MOST_METHOD_LINES]


def as_html(examination: Examination, language: str) -> str:
    """One element without script; every word that came from outside is escaped."""
    color = {0: COLORS["holds"], 1: COLORS["counterexample"], 2: COLORS["not checked"]}[examination.exit_code]
    parts = [f'<div style="font-weight:600">{escape(headline(examination, language))}</div>']
    parts += [f"<div>{escape(name)}: {escape(said)}</div>" for name, said in _facts(examination, language)]
    shown_causes: set[tuple[str, str]] = set()
    for point in examination.points:
        if point.fails:
            parts.append(
                point_html(
                    point,
                    language,
                    with_cause=point.cause is None or shown_once(point.cause) not in shown_causes,
                )
            )
            if point.cause is not None:
                shown_causes.add(shown_once(point.cause))
    others = [point for point in examination.points if not point.fails and point.state != "not checked"]
    lines = [_line_html(point, language) for point in others]
    lines += [
        _unchecked_html(reason, titles, language) for reason, titles in unchecked(examination, language)
    ]
    parts.append(f'<div style="margin-top:8px">{"".join(lines)}</div>')
    return f'<div lang="{language}" style="{CHECK_STYLE.format(color=color)}">{"".join(parts)}</div>'


def unchecked(examination: Examination, language: str) -> list[tuple[str, list[str]]]:
    """What was not checked, by its reason: the reason, and the titles of the points."""
    found: dict[str, list[str]] = {}
    for point in examination.points:
        if point.state == "not checked":
            reason = point.said.say(language) if point.said else ""
            found.setdefault(reason, []).append(point.title.say(language))
    return list(found.items())


def point_html(point: PointResult, language: str, *, with_cause: bool = True) -> str:
    """One point with its counterexample and the likely cause."""
    parts = [
        _sign(point.state, language)
        + f"<b>{escape(point.title.say(language))}</b>{escape(_why(point, language))}"
    ]
    example = point.counterexample
    if example is not None:
        shown = "\n".join([example.program, answer_shown(point, language), *example.also])
        parts.append(f'<pre style="{CODE}">{escape(shown)}</pre>')
    if point.cause is not None and with_cause:
        said = text(language, "checking.view.cause", said=point.cause.said.say(language))
        parts.append(f"<div>{escape(said)}</div>")
        if point.cause.method is not None:
            lines = "\n".join(
                f"<b>{number:>4} {escape(line)}</b>" if marked else f"{number:>4} {escape(line)}"
                for number, line, marked in code_of(point.cause)
            )
            parts.append(f'<pre style="{CODE}">{lines}</pre>')
    return f'<div style="margin-top:8px">{"".join(parts)}</div>'


def _sign(state: str, language: str) -> str:
    word = escape(text(language, f"checking.view.states_{'unchecked' if state == 'not checked' else state}"))
    return (
        f'<span style="color:{COLORS[state]};font-weight:700;display:inline-block;width:1.2em" '
        f'title="{word}" aria-label="{word}">{STATE_SIGNS[state]}</span>'
    )


def _unchecked_html(reason: str, titles: list[str], language: str) -> str:
    inside = "".join(f"<div style='margin-left:1.2em'>{escape(title)}</div>" for title in titles)
    summary = f"<summary>{_sign('not checked', language)}{escape(reason)} ({len(titles)})</summary>"
    return f"<details>{summary}{inside}</details>"


def _line_html(point: PointResult, language: str) -> str:
    if point.counterexample is None:
        said = escape(point.title.say(language)) + escape(_why(point, language))
        return f"<div>{_sign(point.state, language)}{said}</div>"
    inside = "\n".join(
        [point.counterexample.program, answer_shown(point, language), *point.counterexample.also]
    )
    return (
        f"<details><summary>{_sign(point.state, language)}{escape(point.title.say(language))}</summary>"
        f'<pre style="{CODE}">{escape(inside)}</pre></details>'
    )
