"""A word goes with its number, in both languages."""

import pytest

from soloneuron.texts import Sentence, text

ROWS = {"en": "{n} {n:row|rows}", "ru": "{n} {n:строка|строки|строк}"}

NO_EPOCHS = "эпох не задано: это начальная точка"

FORMS = {
    "en": {0: "rows", 1: "row", 2: "rows", 21: "rows"},
    "ru": {
        **dict.fromkeys((1, 21, 101, 1001), "строка"),
        **dict.fromkeys((2, 3, 4, 22, 104, 1.5, 0.5), "строки"),
        **dict.fromkeys((0, 5, 11, 12, 14, 20, 111, 112, 1000), "строк"),
    },
}


@pytest.mark.parametrize(
    ("language", "count", "word"), [(lang, n, word) for lang in FORMS for n, word in FORMS[lang].items()]
)
def test_a_word_has_the_form_of_its_number(language, count, word):
    assert Sentence(language).format(ROWS[language], n=count) == f"{count} {word}"


@pytest.mark.parametrize(
    ("sentence", "count", "said"),
    [
        ("{n:.0f} {n:шаг|шага|шагов}", 12.5, "12 шагов"),
        ("{n:.0f} {n:шаг|шага|шагов}", 20.6, "21 шаг"),
        ("{n:шаг|шага|шагов} {n:.0f}", 1.4, "шаг 1"),
        ("{n:.1f} {n:шаг|шага|шагов}", 12.5, "12.5 шага"),
        ("{n:.3g} {n:раз|раза|раз}", 125.4, "125 раз"),
        ("{n:.0f} {n:шаг|шага|шагов}", float("inf"), "inf шагов"),
        ("{n:осталась {n:.0f}|остались {n:.0f}|осталось {n:.0f}|нет}", 0.3, "нет"),
        ("{n:.0f} {n:шаг|шага|шагов}, {m:.0f} {m:раз|раза|раз}", 0.9, "1 шаг, 2 раза"),
    ],
)
def test_a_word_goes_with_its_number_as_it_is_shown(sentence, count, said):
    assert Sentence("ru").format(sentence, n=count, m=1.6) == said


def test_nothing_has_a_form_of_its_own_where_one_is_given():
    assert Sentence("en").format("{n:one|all {n}|none}", n=0) == "none"
    assert Sentence("en").format("{n:one|all {n}|none}", n=3) == "all 3"
    assert Sentence("ru").format("{n:a|b|c|none}", n=0) == "none"
    assert Sentence("ru").format("{n:a|b|c|none}", n=5) == "c"


@pytest.mark.parametrize(
    ("key", "count", "english", "russian"),
    [
        ("cli.held", 1, "1 row held out", "отложена 1 строка"),
        ("cli.held", 3, "3 rows held out", "отложены 3 строки"),
        ("outcomes.finished", 0, "no epochs asked for: this is the start", NO_EPOCHS),
        ("outcomes.finished", 1, "the only epoch is done", "пройдена 1 эпоха из 1"),
        ("outcomes.finished", 7, "all 7 epochs done", "пройдены все 7 эпох"),
    ],
)
def test_sentences_with_numbers_read_well(key, count, english, russian):
    assert text("en", key, rows=count, epochs=count) == english
    assert text("ru", key, rows=count, epochs=count) == russian
