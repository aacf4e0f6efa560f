"""Notebooks for those who solve the assignment."""
