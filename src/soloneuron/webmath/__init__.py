"""The library's formulas, translated to TypeScript for the page that trains in the browser."""
