"""Nouns: frozen, JSON-able, without behaviour. They do not know who made them or who reads them."""
