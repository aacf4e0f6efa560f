"""The reader's language follows the locale as gettext does, unless it was chosen."""

import pytest

from soloneuron.errors import UnknownNameError
from soloneuron.texts.language import _chosen, language, locale_language


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ru_RU.KOI8-R"}, "ru"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ru_RU"}, "ru"),
        ({"LC_MESSAGES": "ru_RU", "LC_ALL": "en_US"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "de:ru:en"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LANGUAGE": "uk:be"}, "en"),
        ({"LC_ALL": "C", "LANGUAGE": "ru"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LANG": "ru"}, "ru"),
        ({"LANG": "\x00nonsense"}, "en"),
    ],
)
def test_the_locale_is_read_in_the_order_of_gettext(environment, wanted):
    assert locale_language(environment) == wanted


def test_what_was_chosen_goes_before_the_locale(monkeypatch):
    monkeypatch.setattr("soloneuron.texts.language._chosen", list(_chosen))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert language("ru") == "ru"
    assert language() == "ru"
    with pytest.raises(UnknownNameError, match="choose from en, ru"):
        language("de")
    assert language() == "ru"
