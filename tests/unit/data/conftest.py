"""A file of rows to read."""

import pytest


@pytest.fixture
def csv(tmp_path):
    def write(content):
        path = tmp_path / "file.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return write
