"""How the study can be repeated: the command, the libraries, the seed, somebody's own rows, the times."""

from __future__ import annotations

from html import escape

from soloneuron.records.study import Study
from soloneuron.texts import text

HASH = 12
"""So many digits of a file's hash are shown; enough to tell two files apart."""


def setup(one: Study, language: str) -> str:
    """What repeats it, on what and with what, and what took how long."""
    command = one.command + (f" --lang {language}" if language != "en" else "")
    lines = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in facts(one, language)
    )
    times = "".join(
        "<tr><td>"
        + escape(text(language, f"study.{found.experiment}.title"))
        + f"</td><td>{found.seconds:.1f}</td></tr>"
        for found in sorted(one.findings, key=lambda found: -found.seconds)
    )
    title, again, long = (escape(text(language, f"report.{key}")) for key in ("setup", "again", "times"))
    return (
        f'<h2 id="setup">{title}</h2><p>{again}</p><pre>{escape(command)}</pre>'
        f'<div class="table facts" tabindex="0"><table><tbody>{lines}</tbody></table></div>'
        f'<details><summary>{long}</summary><div class="table"><table><tbody>{times}</tbody></table></div>'
        "</details>"
    )


def facts(one: Study, language: str) -> list[tuple[str, str]]:
    """The lines of the table, a name and what it is."""
    shown = ", ".join(f"{name} {number}" for name, number in one.versions.items())
    rows = [("versions", shown), ("seed", str(one.seed))]
    if one.own is not None:
        own = one.own
        (zero, one_), (zeros, ones) = own.classes, own.counts
        counts = {"rows": own.source.rows, "features": len(own.features)}
        classes = {"label": own.label, "zero": zero, "one": one_, "zeros": zeros, "ones": ones}
        rows += [
            ("own_rows", text(language, "report.own_rows_are", file=own.source.name, **counts)),
            ("own_label", text(language, "report.own_label_is", **classes)),
            ("own_hash", own.source.sha256[:HASH]),
        ]
    rows.append(("seconds", f"{sum(found.seconds for found in one.findings):.1f}"))
    return [(text(language, f"report.{name}"), told) for name, told in rows]
