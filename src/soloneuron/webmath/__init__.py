"""The library's formulas, translated: TypeScript with which the page trains in the browser.

Nothing is written twice. A rule is translated from its paper lines, the line search from its source. What is
printed here stands in ``view/source/generated``; ``scripts/generate`` makes it anew.
"""
