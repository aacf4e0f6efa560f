"""One catalogue of data sets: a name means the same rows on the command line and in the page."""

import csv
import io

import pytest
import torch

from soloneuron.cli import main
from soloneuron.data.catalogue import DATASETS, ENTRIES, PLANAR, make_dataset
from soloneuron.errors import UnknownNameError
from soloneuron.playing.config import MOST_POINTS, Config
from soloneuron.playing.menus import menus
from soloneuron.playing.race import make_data

SEED = 3


def written(name, capsys):
    """The numbers and labels that ``soloneuron data`` prints."""
    assert main(["data", name, "--seed", str(SEED)]) == 0
    _, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    return [[float(cell) for cell in row[:-1]] for row in rows], [row[-1] for row in rows]


@pytest.mark.parametrize("name", list(PLANAR))
def test_a_name_means_the_same_rows_on_the_command_line_and_in_the_page(name, capsys):
    page = make_data(Config(data=name, seed=SEED))
    numbers, labels = written(name, capsys)
    assert numbers == page.features.tolist()
    assert labels == [page.classes[int(label)] for label in page.labels.tolist()]


def test_the_menu_of_the_page_is_the_planar_part_of_the_catalogue():
    planar = [name for name, entry in ENTRIES.items() if entry.planar]
    assert menus()["data"] == [*PLANAR, "own"] == [*planar, "own"]


@pytest.mark.parametrize("name", list(PLANAR))
def test_what_the_page_offers_has_two_features_and_no_more_rows_than_it_draws(name):
    features = make_dataset(name).features
    assert features.shape[1] == 2
    assert len(features) <= MOST_POINTS


@pytest.mark.parametrize("name", list(DATASETS))
def test_a_data_set_bears_its_name_and_a_seed_makes_its_rows_again(name):
    one, same = make_dataset(name, seed=5), make_dataset(name, seed=5)
    assert one.name == name
    assert torch.equal(one.features, same.features)
    assert ENTRIES[name].seeded != torch.equal(one.features, make_dataset(name, seed=6).features)


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match="outliers"):
        make_dataset("outlier")
