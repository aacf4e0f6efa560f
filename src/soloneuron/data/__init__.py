"""Rows on their way in: checked arrays, files, orders and splits."""
