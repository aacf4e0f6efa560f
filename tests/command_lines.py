"""Command lines by chance: good ones, odd ones, and those that nobody would type."""

import random

NAMES = [
    "\x1b[2J",
    "\x9b1m",
    "\u202eabc",
    "a\rb",
    "a\nb",
    "\udcff",
    "",
    " ",
    "рост",
    "=1+1",
    "a" * 300,
    "x;y",
    "'\"",
    "{}",
]
NUMBERS = [
    "3",
    "0",
    "1",
    "-1",
    "3",
    "1e400",
    "nan",
    "-inf",
    "0x10",
    "1_000",
    "²",
    "9" * 400,
    "1e-320",
    "0,5",
    "auto",
    "all",
]
PATHS = [
    *(
        "good.csv",
        "names.csv",
        "m.json",
        "r.json",
        "f.json",
        "notes.txt",
        "page.html",
        "gone.csv",
        "gone.json",
    ),
    *(
        "folder",
        "folder/x.json",
        "nowhere/x.json",
        "loop",
        "zero.json",
        "text.json",
        "twice.json",
        "deep.json",
    ),
    *(
        "/dev/zero",
        "/dev/null",
        "a\0b",
        "n" * 300,
        "\udcff.csv",
        "\udcfe.json",
        "odd\x1b[2J.csv",
        "link.json",
        ".",
    ),
]
OUTPUTS = [
    *(
        "out.json",
        "out.html",
        "out.csv",
        "out.svg",
        "out",
        "out.parquet",
        "out.gif",
        "m.json",
        "good.csv",
        "notes.txt",
    ),
    *(
        "folder",
        "folder/out.json",
        "nowhere/o.json",
        "loop",
        "/dev/null",
        "a\0b",
        "n" * 300,
        "\udcff.json",
        "link.json",
        "",
    ),
    *("page.html", "link.json", "notes.txt") * 3,
]
EXPRESSIONS = [
    "a+b",
    "relu(a)",
    "a**b",
    "a/",
    "(" * 200,
    "a\x1b",
    "а+1",
    "1e999*a",
    "a if b else a",
    "__import__('os')",
    "-a",
    "",
]
WORDS = {
    "--loss": ["nll", "MSE", "nl", *NAMES],
    "--optimizer": ["adam", "Adam", "newton", "auto", "sgd", *NAMES],
    "--penalty": ["l2", "L1", *NAMES],
    "--learning-rate": NUMBERS,
    "--epochs": ["0", "1", "3", "-1", "1e3", *NUMBERS[5:9]],
    "--batch-size": NUMBERS,
    "--alpha": NUMBERS,
    "--seed": ["3", "1", *NUMBERS],
    "--test-share": NUMBERS,
    "--record-every": NUMBERS,
    "--set": ["beta1=0.8", "beta1=", "=1", "loss.gamma=1", "clip_norm=nan", *NAMES],
    "--label": ["y", "Y", "label", "0", "-1", *NAMES],
    "--features": ["x", "X,z", "x,x", *NAMES],
    "--drop": ["z", ",", *NAMES],
    "--positive": ["1", "да", *NAMES],
    "--missing": ["drop", "Mean", "x"],
    "--dtype": ["float32", "float16"],
    "--device": ["cpu", "cuda", "nowhere", *NAMES],
    "--url": ["#data=moons", "http://x/#a=1&b", "#step=1&data=clouds", *NAMES],
    "--lang": ["ru", "en", "de", "RU", *NAMES],
    "--figure": ["losses", "surface", *NAMES],
    "--only": ["assignment", "nothing", *NAMES],
    "--port": ["0", "99999", "x"],
}
SWITCHES = [
    "--json",
    "--quiet",
    "--force",
    "--no-bias",
    "--shuffle",
    "--standardize",
    "--encode",
    "--all-losses",
]
WRONG = [
    "--lr",
    "--batch",
    "--epoch",
    "-q",
    "--help",
    "-h",
    "--version",
    "--",
    "-",
    "-o",
    "--output",
    "-1",
    "--lang",
]
COMMANDS = {
    "train": ("file", [*WORDS][:20], "out.json", 5),
    "predict": ("model file", ["--lang"], "out.csv", 3),
    "evaluate": ("model file", ["--label", "--lang"], None, 2),
    "losses": ("loss", ["--lang"], None, 1),
    "optimizers": ("optimizer", ["--lang"], None, 1),
    "data": ("dataset", ["--seed", "--lang"], "out.csv", 2),
    "graph": ("expression", [], "out.svg", 2),
    "compile": ("expression", ["--lang"], None, 1),
    "plot": ("run", ["--figure", "--lang"], "out.html", 1),
    "compare": ("run run", ["--lang"], "out.html", 1),
    "replay": ("run", ["--lang"], "out.html", 2),
    "experiment": ("none", ["--seed", "--lang"], "out.json", 1),
    "report": ("findings", ["--only", "--label", "--data", "--lang"], "out.html", 2),
    "play": ("none", ["--port"], None, 1),
    "trian": ("file", ["--lang"], None, 1),
}
"""What follows a command, its options, a good file to write, and how often it comes."""


POSITIONAL = {
    "file": ["good.csv", "names.csv", *PATHS],
    "model": ["m.json", *PATHS],
    "run": ["r.json", "\udcfe.json", *PATHS],
    "loss": ["nll", "MSE", *NAMES],
    "optimizer": ["adam", "Newton", *NAMES],
    "dataset": ["moons", "XOR", *NAMES],
    "expression": ["a+b", "relu(a*b)", *EXPRESSIONS],
    "findings": ["f.json", "f.json", *PATHS],
    "none": NAMES,
}
GOOD = 0.7
"""How often a word is one of the first two of its list, which are good."""


def command_line(seed):
    """One command line; with a number as the seed always the same."""
    dice = random.Random(seed)
    command = dice.choices([*COMMANDS], [weight for *_, weight in COMMANDS.values()])[0]
    form, options, output, _ = COMMANDS[command]
    words = [word for kind in form.split() for word in _positional(kind, dice)]
    for option in dice.sample(options, min(len(options), dice.choice([0, 1, 1, 2]))):
        value = _word(WORDS.get(option, PATHS), dice)
        words += [f"{option}={value}"] if dice.random() < 0.2 else [option, value]
    if command == "train" and "--label" not in words and dice.random() < 0.9:
        words += ["--label", "y"]
    if output is not None and (dice.random() < 0.7 or form in ("run", "run run", "findings")):
        words += ["-o", output if dice.random() < GOOD else dice.choice(OUTPUTS)]
    words += [dice.choice(SWITCHES)] if dice.random() < 0.2 else []
    words += [dice.choice(WRONG)] if dice.random() < 0.08 else []
    if command == "train":  # nothing runs for long
        words = ["--epochs", "3", *words]
    if command == "play":  # nor for ever
        words = ["--port", dice.choice(["x", "0", "99999"]), *words]
    return [command, *words]


def _word(words, dice):
    return dice.choice(words[:2] if dice.random() < GOOD else words)


def _positional(kind, dice):
    """What stands for a kind of word; at times nothing."""
    words = [_word(POSITIONAL[kind], dice)]
    if kind == "findings":  # never a whole study
        return ["--from", *words]
    if kind == "expression":
        odd = dice.sample(["a=nan", "c", "a=1", "=", "\x1b=1"], 2)
        return [*words, *(["a=1", "b=-2.5"] if dice.random() < GOOD else odd)]
    if kind == "none" and dice.random() < GOOD:
        return ["--list"]
    return words if kind in ("model", "run") or dice.random() < 0.95 else []
