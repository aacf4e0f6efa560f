"""Rows spread over processes: who they are, what they must agree on before the first step."""
