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
    "--seed": NUMBERS,
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
    "train": ("file", [*WORDS][:20], 5),
    "predict": ("model file", ["--lang"], 3),
    "evaluate": ("model file", ["--label", "--lang"], 2),
    "losses": ("word", ["--lang"], 1),
    "optimizers": ("word", ["--lang"], 1),
    "data": ("word", ["--seed", "--lang"], 2),
    "graph": ("expression", [], 2),
    "compile": ("expression", ["--lang"], 1),
    "plot": ("run", ["--figure", "--lang"], 1),
    "compare": ("run run", ["--lang"], 1),
    "replay": ("run", ["--lang"], 2),
    "experiment": ("none", ["--seed", "--lang"], 1),
    "report": ("findings", ["--only", "--label", "--data", "--lang"], 2),
    "play": ("none", ["--port"], 1),
    "trian": ("file", ["--lang"], 1),
}
"""What follows a command, its options, and how often it comes."""


def command_line(seed):
    """One command line; with a number as the seed always the same."""
    dice = random.Random(seed)
    command = dice.choices([*COMMANDS], [weight for _, _, weight in COMMANDS.values()])[0]
    form, options, _ = COMMANDS[command]
    words = [word for kind in form.split() for word in _positional(kind, dice)]
    for option in dice.sample(options, min(len(options), dice.choice([0, 1, 1, 2, 4]))):
        value = dice.choice(WORDS.get(option, PATHS))
        words += [f"{option}={value}"] if dice.random() < 0.2 else [option, value]
    if command == "train" and "--label" not in words and dice.random() < 0.8:
        words += ["--label", "y"]
    if command in ("train", "predict", "data", "graph", "replay", "plot", "experiment", "report"):
        words += (
            ["-o", dice.choice(OUTPUTS)] if dice.random() < 0.6 or command in ("replay", "report") else []
        )
    words += [dice.choice(SWITCHES)] if dice.random() < 0.3 else []
    words += [dice.choice(WRONG)] if dice.random() < 0.08 else []
    if command == "train":  # nothing runs for long
        words = ["--epochs", "3", *words]
    if command == "play":  # nor for ever
        words = ["--port", dice.choice(["x", "0", "99999"]), *words]
    return [command, *words]


def _positional(kind, dice):
    """What stands for a kind of word; at times nothing."""
    some = {
        "file": ["good.csv"] * 12 + ["names.csv"] * 6 + PATHS,
        "model": ["m.json"] * 12 + PATHS,
        "run": ["r.json"] * 10 + ["\udcfe.json"] * 3 + PATHS,
        "word": ["moons", "Adam", "nll", "xor", *NAMES],
        "expression": EXPRESSIONS,
        "findings": ["f.json", *PATHS],
        "none": NAMES,
    }
    words = [dice.choice(some[kind])]
    if kind == "findings":  # never a whole study
        return ["--from", *words]
    if kind == "expression":
        return words + dice.sample(
            ["a=1", "b=2", "a=nan", "c", "a=1", "=", "\x1b=1"], dice.choice([0, 1, 2, 2])
        )
    if kind == "none" and dice.random() < 0.7:
        return ["--list"]
    return words if kind in ("model", "run") or dice.random() < 0.9 else []
