"""The Russian texts speak the course's language: no word that the glossary forbids."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = sorted([*(ROOT / "src/soloneuron/texts/ru").glob("*.toml"), *(ROOT / "docs/ru").glob("*.md")])
PAGES.append(ROOT / "README.ru.md")

FORBIDDEN = {
    "потери, only in the plural": r"\b[Пп]отер(?:я|ю|ей)\b",
    "NLL, which is minimized": (
        r"(?<!логарифмическое )(?<!логарифмического )(?<!логарифмическое-)(?<!\| )"
        r"\b[Пп]равдоподоби[еяюи]\b(?!, вероятность)"
    ),
    "вся выборка": r"\bполн\w+ пакет",
    "накопленный градиент": r"скорост\w* (?:v\b|следующего шага)",
    "упреждение": r"[Зз]аглядыван|\bмах\b",
    "ограничение": r"[Оо]тсечени",
    "склон": r"\bстен(?:а|ы|у|е|ой)\b",
    "минимум": r"низш\w+ точк|самой низкой точк",
    "производная": r"\bнаклон",
    "норма": r"\bдлин\w* (?:градиент|вектора весов|весов)",
    "инвертированные метки": r"перев[её]рнуты\w* метк",
    "запуск": r"\bтот же ход\b|\bновый ход\b",
    "эксперимент": r"\bопыт(?:а|у|е|ы|ов|ом)?\b",
    "синтетический, тестовый": r"\b[Пп]ридуманн",
    "ноутбук": r"\bтетрад",
    "доля верных ответов": r"\bверны \{|\bверно \{",
    "метрика": r"\bмера\b|\bмеры\b",
    "ROC AUC": r"площадь под ROC",
    "отложенные строки": r"\bконтрольн\w+ строк",
    "сходиться, расходиться": r"дош(?:ёл|ла|ли) до места|\bсорвал",
    "линейный поиск": r"поиск\w* вдоль прямой",
    "активная ReLU": r"\bживо(?:й|го) `?relu|выключенн\w+ `?ReLU",
    "предсказывает": r"\bвери(?:т|ть|ла) (?:нейрон|в то)|[Вв]о что верит",
    "какой метод": r'question = "[^"]*\b[Кк]то\b',
    "переполнение": r"за пределы представимых|последний хороший шаг",
    "фактический шаг": r"[Дд]ействительный шаг",
    "ёлочки, and ё": r"\bеще\b|\bвсе еще\b|\bпуть пройден\b",
}


@pytest.mark.parametrize("wanted", FORBIDDEN)
def test_no_text_uses_a_word_that_the_glossary_forbids(wanted):
    pattern = re.compile(FORBIDDEN[wanted])
    found = [
        f"{page.name}:{number}: {line[max(0, match.start() - 40) : match.end() + 40].strip()}"
        for page in PAGES
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        for match in pattern.finditer(line)
    ]
    assert not found, f"say {wanted!r}:\n" + "\n".join(found)


def test_every_pattern_finds_what_it_forbids():
    wrong = (
        "Потеря растёт. Правдоподобие выпукло. На полном пакете. Прибавляет скорость следующего шага. "
        "Точка заглядывания. Отсечение. До стены. В низшей точке. Наклон равен. Длина градиента. "
        "перевёрнутые метки. Тот же ход. Нужны опыты. Придуманная поверхность. В тетради. Верны {n} ответов. "
        "это мера. площадь под ROC. контрольные строки. дошла до места. Поиск вдоль прямой. живой relu. "
        'Во что верит нейрон. question = "Кто быстрее?" за пределы представимых. Действительный шаг. еще'
    )
    missed = [wanted for wanted, pattern in FORBIDDEN.items() if not re.search(pattern, wrong, re.IGNORECASE)]
    assert missed == []
