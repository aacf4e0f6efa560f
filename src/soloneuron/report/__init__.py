"""Findings become one page that opens from disk with no network."""
