"""Report and page have one pair of colors for the classes."""

import re
from importlib import resources

from soloneuron.figures.palette import CLASS_COLORS, LINE_COLORS

VIEW = resources.files("soloneuron.view")


def test_the_classes_have_the_same_colors_in_report_and_page():
    source = (VIEW / "source" / "colors.ts").read_text(encoding="utf-8")
    (pair,) = re.findall(r"CLASSES = \[([^\]]*)\]", source)
    assert tuple(re.findall(r'"(#\w{6})"', pair)) == CLASS_COLORS
    for bundle in ("playground.js", "replay.js"):
        built = (VIEW / "bundle" / bundle).read_text(encoding="utf-8")
        assert re.search(",".join(f'"{color}"' for color in CLASS_COLORS), built), bundle


def test_no_line_has_the_color_of_a_class():
    assert not set(CLASS_COLORS) & set(LINE_COLORS)
