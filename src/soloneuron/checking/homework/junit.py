"""Reports as JUnit XML, which every system of continuous integration shows.

Source: https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Letters that XML does not have."""


def junit_xml(report: Mapping[str, Any]) -> str:
    """A suite for each file, a case for each point.

    A counterexample of a must or a should is a failure, what was not checked is skipped, and a file that
    could not be checked is an error.

    Args:
        report: as ``report_data`` gives it.
    """
    root = ElementTree.Element("testsuites", name="soloneuron check")
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for file in report["files"]:
        suite, counts = _suite(file)
        root.append(suite)
        totals = {name: totals[name] + counts[name] for name in totals}
    root.attrib.update({name: str(count) for name, count in totals.items()})
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _suite(file: Mapping[str, Any]) -> tuple[ElementTree.Element, dict[str, int]]:
    suite = ElementTree.Element("testsuite", name=_letters(file["file"]))
    properties = ElementTree.SubElement(suite, "properties")
    ElementTree.SubElement(properties, "property", name="guards", value=", ".join(file["guards"]))
    cases = [_case(suite, file["file"], one, point) for one in file["objects"] for point in one["points"]]
    if file["refusal"] is not None:
        case = ElementTree.SubElement(
            suite, "testcase", classname=_letters(file["file"]), name="check", time="0"
        )
        message = _letters(file["refusal"]["message"])
        ElementTree.SubElement(case, "error", message=message, type=file["refusal"]["code"])
        cases.append("errors")
    counts = {name: cases.count(name) for name in ("failures", "errors", "skipped")}
    counts = {"tests": len(cases), **counts}
    suite.attrib.update({name: str(count) for name, count in counts.items()})
    return suite, counts


def _case(suite: ElementTree.Element, file: str, one: Mapping[str, Any], point: Mapping[str, Any]) -> str:
    """Add a point, and say what it counts as."""
    owner = _letters(f"{file}.{one['name']}")
    case = ElementTree.SubElement(
        suite, "testcase", classname=owner, name=_letters(f"{point['id']}: {point['title']}"), time="0"
    )
    said = _letters(point["said"] or "")
    if point["state"] == "not checked":
        ElementTree.SubElement(case, "skipped", message=said)
        return "skipped"
    lines = _letters("\n".join(point_lines(point)))
    if point["state"] == "counterexample" and point["severity"] != "note":
        failure = ElementTree.SubElement(
            case, "failure", message=lines.partition("\n")[0], type=point["severity"]
        )
        failure.text = lines
        return "failures"
    if lines:
        ElementTree.SubElement(case, "system-out").text = lines
    return "passed"


def point_lines(point: Mapping[str, Any]) -> list[str]:
    """A point in lines: the program, what came and what is right, the likely cause."""
    found, cause = point["counterexample"], point["cause"]
    lines = []
    if found:
        what = f"{found['reads']}: " if found["reads"] else ""
        lines += [f"{found['program']}  {what}got {found['got']}, want {found['want']}", *found["also"]]
    if point["said"]:
        lines.append(point["said"])
    if cause:
        lines.append(cause["said"])
        if cause["method"]:
            lines.append(cause["method"]["text"])
    return lines


def _letters(words: str) -> str:
    return _FORBIDDEN.sub("\ufffd", words)
