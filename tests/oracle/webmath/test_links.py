"""The page reads and writes links as Python does: one judgement, one spelling, the same sentences."""

import random
from dataclasses import asdict

import pytest

from soloneuron.data.catalogue import PLANAR
from soloneuron.errors import InputError
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playing.config import MOST_CHANGES, MOST_LINK_WORDS, MOST_POINTS, MOST_RUNNERS
from soloneuron.playing.hyperparameters import number_ranges
from soloneuron.playing.lessons import LESSONS
from soloneuron.playing.link import link_at, read_link, write_link
from soloneuron.texts import text
from soloneuron.view.losses import page_losses

TWO = "1,2,0;2,3,1"
NAMES = list(OPTIMIZERS)

GOOD = [
    "",
    "?",
    "data=xor&batch=8",
    "?data=xor",
    "http://127.0.0.1:8642/?data=xor&batch=8#lang=ru",
    "a?b?data=rare",
    *(f"data={name}" for name in PLANAR),
    *(f"loss={name}" for name in page_losses()),
    *(f"optimizers={name}" for name in NAMES),
    *(f"lesson={name}" for name in LESSONS),
    *(f"lesson={name}&step=3&seed=4" for name in LESSONS),
    *(step.link for lesson in LESSONS.values() for step in lesson.steps),
    "lesson=",
    "lesson=xor&loss=nll,mse",
    "lesson=why_nll&data=clouds&start=-6,-6",
    "loss=nll,mae",
    "loss=mse%2Cnll",
    "optimizers=adam%3A0.25,momentum",
    "optimizers=adam:1e-6",
    "optimizers=adam:1e6",
    "optimizers=adam:.5",
    "optimizers=adam:5.",
    "optimizers=adam:+5",
    "optimizers=adam:1E-2",
    "optimizers=adam: 1 ",
    "optimizers=adam:0.00001234",
    "optimizers=adam:0.1000000000000000055",
    "optimizers=adam:123456.789",
    "optimizers=adam:+1",
    "optimizers=adam:%201",
    "optimizers=adam:%091",
    "optimizers=adam:0.2:beta1=0.95",
    "optimizers=adam:0.2:epsilon=1e-6:beta1=0.5,momentum:0.1:momentum=0.5:dampening=1",
    "optimizers=adam:0.2:beta1%3D0.95",
    "optimizers=adam:0.2:beta1=0.9:beta2=0.99",
    "optimizers=adam:0.2:beta1=0",
    "optimizers=adam:0.2:epsilon=-0",
    "optimizers=adamw:0.2:weight_decay=0",
    "optimizers=rprop:0.1:largest=0.001:smallest=0.001",
    "20.optimizers=adam:0.3:beta2=.99",
    *(
        f"optimizers={name}:1:{key}={end!r}"
        for name in NAMES
        for key, (least, most, _) in number_ranges(name).items()
        for end in (least, most)
    ),
    "start=0,0",
    "start=-0,-0.0",
    "start=1.2345,2.3455",
    "start=0.0625,-0.0625",
    "start=0.1875,-0.3125",
    "start=1.0005,2.0015",
    "start=999.9995,-1000",
    "start=1e2,1e-9",
    "start=-0.0001,0.0005",
    "start=0.5625,0.4375",
    "terms=",
    "terms=x1x1",
    "terms=sinx2,x1x2,sinx2",
    "data=circles&terms=x1x1,x2x2,x1x2,sinx1,sinx2&bias=1",
    "bias=0",
    "bias=1",
    "noise=0",
    "noise=0.25",
    "noise=10",
    "20.noise=.5&30.noise=0",
    "l2=0",
    "l2=-0",
    "l2=0.01",
    "l2=10",
    "l2=1e-300",
    "l2=1e-5",
    "l2=0.0001",
    "l2=0.00009",
    "seed=0",
    "seed=007",
    "seed=2147483647",
    "step=0",
    "step=10000",
    "step=0000000009",
    "batch=all",
    "batch=1",
    f"data=own&points={TWO}",
    f"points={TWO}&data=own",
    f"data=own&points={TWO};",
    f"data=own&points=;{TWO};;",
    "data=own&points=0.0625,1e-3,0;-0.1,-1000,1",
    "data=own&points=1%2C2%2C0%3B2%2C3%2C1",
    "data=own&points=" + "1,2,0;" * (MOST_POINTS - 1) + "1,2,1",
    f"data=own&points={TWO}&names=petal length,petal%20width",
    f"data=own&points={TWO}&names=%D0%B4%D0%BB%D0%B8%D0%BD%D0%B0 (%D1%81%D0%BC),it's *!~",
    f"data=own&points={TWO}&names=a,{'b' * 30}",
    "names=",
    "names=a,b&data=xor",
    "test=0.3",
    "test=.5&data=iris",
    "test=0",
    "20.batch=8",
    "20.batch=8&40.batch=all",
    "40.batch=all&20.batch=8",
    "20.l2=0.1&20.loss=mse&20.batch=1",
    "0.batch=8",
    "10000.seed=3",
    "20.optimizers=adam",
    "20.optimizers=adam:0.3,nag:0.1",
    "20.loss=nll,hinge",
    "20.data=xor",
    f"20.data=own&20.points={TWO}",
    f"data=own&points={TWO}&20.data=xor",
    f"data=own&points={TWO}&20.points=5,5,0;6,6,1",
    "20.add=1,2,0",
    "20.drop=7",
    "20.drop=9,3,3,1&20.add=0.0625,2,1",
    "lesson=nag&20.batch=8",
    "step=30&20.batch=8&data=xor",
    "hide=curves,table&data=xor&lock=rate",
    "hide=&lock=",
    "present=1&data=xor",
    "data=xor&present=0&hide=curves",
    "&".join(f"{step}.seed=1" for step in range(MOST_CHANGES)),
]

BAD = [
    "nonsense",
    "test=0.6",
    "test=-0.1",
    "test=half",
    "20.test=0.3",
    "names=a",
    "names=a,b,c",
    "names=a,",
    "names=a, b",
    "names=a,b%00c",
    "names=a,b  c",
    f"names=a,{'b' * 31}",
    "20.names=a,b",
    "terms=x3",
    "terms=x1x1,",
    "terms=constructor",
    "terms=x1x1&terms=x2x2",
    "5.terms=x1x1",
    "hide=curves,weather",
    "hide=curves&hide=table",
    "lock=curves",
    "present=2",
    "present=",
    "present=0,1",
    "present=1&present=1",
    "lock=data,",
    "lock=constructor",
    "data",
    "data=xor&",
    "&data=xor",
    "data=xor&&batch=8",
    "=",
    "=1",
    "color=red",
    "Data=xor",
    "data =xor",
    "data=xor&data=xor",
    "data=",
    "data=moon",
    "data=Xor",
    "data=xor ",
    "data=%ff",
    "data=%C3%A9",
    "data=%F0%9F%98%80x",
    "data=%E2%82",
    "data=%",
    "data=%zz",
    "data=a+b",
    "constructor=1",
    "__proto__=1",
    "data=constructor",
    "data=" + "ы" * 60,
    "x" * 60 + "=1",
    "😀" * 60 + "=1",
    "color=" + "😀" * 50,
    "loss=",
    "loss=nll,nll",
    "loss=nll,mse,mae",
    "loss=nll,",
    "loss=own",
    "loss=toString",
    "loss=nll mse",
    "optimizers=",
    "optimizers=own",
    "optimizers=adam,adam",
    "optimizers=adam:1,adam:2",
    "optimizers=adam:",
    "optimizers=adam:nan",
    "optimizers=adam:inf",
    "optimizers=adam:-1",
    "optimizers=adam:0",
    "optimizers=adam:1e9",
    "optimizers=adam:1_0",
    "optimizers=adam:0x10",
    "optimizers=adam:0,5",
    "optimizers=adam:1:2",
    "optimizers=adam:1:",
    "optimizers=adam::beta1=0.9",
    "optimizers=adam:beta1=0.9",
    "optimizers=adam:1:beta1",
    "optimizers=adam:1:beta1=",
    "optimizers=adam:1:beta1=1",
    "optimizers=adam:1:beta1=-0.1",
    "optimizers=adam:1:beta1=0.5=0.6",
    "optimizers=adam:1:beta1=0.5:beta1=0.5",
    "optimizers=adam:1:momentum=0.5",
    "optimizers=adam:1:variant=inside",
    "optimizers=adam:1:constructor=1",
    "optimizers=adam:1:__proto__=1",
    "optimizers=adam:1:learning_rate=1",
    "optimizers=adam:1:epsilon=1e7",
    "optimizers=newton:1:weight_decay=1",
    "optimizers=lbfgs:1:iterations=2",
    "optimizers=ademamix:1:beta1=0",
    "optimizers=rprop:1:smallest=1",
    "optimizers=rprop:1:largest=1e-6",
    "optimizers=adam:1:" + "😀" * 50 + "=1",
    "optimizers=adam:１",
    "optimizers=adam:1e",
    "optimizers=adam:.",
    "optimizers=adam:--1",
    "optimizers=adam:1e400",
    "optimizers=adam:1%0A",
    "optimizers=adam:%C2%A01",
    "optimizers=hasOwnProperty",
    "optimizers=adam:Infinity",
    "batch=",
    "batch=7",
    "batch=08",
    "batch=ALL",
    "start=",
    "start=1",
    "start=1,2,3",
    "start=1,inf",
    "start=1,x",
    "start=1001,0",
    "start=0,-1000.0001",
    "start=,",
    "bias=",
    "bias=yes",
    "bias=2",
    "bias=true",
    "seed=",
    "seed=-1",
    "seed=1.5",
    "seed=99999999999999999999",
    "seed=2147483648",
    "seed=+1",
    "seed= 1",
    "seed=１",
    "seed=00000000001",
    "step=10001",
    "step=-1",
    "step=1e3",
    "noise=",
    "noise=-0.1",
    "noise=10.5",
    "noise=inf",
    "l2=",
    "l2=-1",
    "l2=1e9",
    "l2=10.0001",
    "l2=nan",
    "lesson=chess",
    "lesson=xor,nag",
    "lesson=Xor",
    "lesson=valueOf",
    "data=own",
    "data=own&points=",
    "data=own&points=;;",
    "data=own&points=1,2,0;1,3,0",
    "data=own&points=1,2",
    "data=own&points=1,2,2;1,2,1",
    "data=own&points=1,2,0,1;2,3,1",
    f"data=xor&points={TWO}",
    f"points={TWO}",
    "data=own&points=" + "1,2,0;" * MOST_POINTS + "1,2,1",
    "data=own&points=1,x,0;2,3,1",
    "data=own&points=1,2000,0;2,3,1",
    "data=own&points=1,2,00;2,3,1",
    "data=own&points=1,2,0;2,3,1.0",
    f"loss=nll,mse&optimizers={','.join(NAMES[: MOST_RUNNERS // 2 + 1])}",
    "20.batch=7",
    "20.bias=1",
    "20.start=1,1",
    "20.step=3",
    "20.lesson=xor",
    "20.=1",
    ".batch=8",
    "020.batch=8",
    "-1.batch=8",
    "1.5.batch=8",
    "10001.batch=8",
    "x.batch=8",
    "20.batch=8&20.batch=8",
    "20.changes=1",
    "20.color=red",
    "20.data=own",
    f"20.points={TWO}",
    "20.add=",
    "20.add=1,2",
    "20.add=1,2,3",
    "20.drop=",
    "20.drop=-1",
    f"20.drop={MOST_POINTS}",
    "20.drop=1;2",
    "20.data=own&20.points=1,2,0",
    "99999999999.batch=8",
    "add=1,2,0",
    "drop=3",
    "changes=1",
    "&".join(f"{step}.seed=1" for step in range(MOST_CHANGES + 1)),
    "&".join(f"{step}.seed=1" for step in range(MOST_LINK_WORDS + 1)),
    f"20.loss=nll,mse&20.optimizers={','.join(NAMES[: MOST_RUNNERS // 2 + 1])}",
    f"20.loss=nll&40.loss=nll,mse&30.optimizers={','.join(NAMES[: MOST_RUNNERS // 2 + 1])}",
    f"20.optimizers={','.join(NAMES[: MOST_RUNNERS // 2 + 1])}",
]


def mutilated(count=150):
    """Good links with one letter put in, taken out or exchanged, by seeded chance."""
    chance = random.Random(20)
    letters = 3 * "0123456789" + ".,:;-+e=&?#%_ abcxyz"
    found = []
    for _ in range(count):
        link = chance.choice([link for link in GOOD if 4 < len(link) < 120])
        digits = [i for i, letter in enumerate(link) if letter.isdigit()]
        place = chance.choice(digits) if digits and chance.random() < 0.5 else chance.randrange(len(link))
        letter = chance.choice(letters)
        found.append(link[:place] + chance.choice(["", letter, letter + link[place]]) + link[place + 1 :])
    return found


def judged(link):
    """What Python makes of a link, as the page spells it."""
    try:
        config = read_link(link)
    except InputError as fault:
        key = fault.code.replace("playground.", "playground.errors.")
        said = {language: text(language, key, **fault.fields) for language in ("en", "ru")}
        return {"code": fault.code, "fields": dict(fault.fields), **said}
    plain = asdict(config)
    plain["optimizers"] = [entry_of(entry) for entry in config.optimizers]
    plain["batch"] = "all" if config.batch is None else str(config.batch)
    plain["changes"] = [
        {
            "step": step,
            "word": word,
            "value": [entry_of(entry) for entry in value]
            if word == "optimizers"
            else ("all" if value is None else str(value))
            if word == "batch"
            else value,
        }
        for step, word, value in config.changes
    ]
    return {"config": as_lists(plain), "link": write_link(config), "at": link_at(config, 7)}


def entry_of(entry):
    """An entry as the page has it: numbers of its own only where there are some."""
    return [entry.name, entry.rate, *([dict(entry.settings)] if entry.settings else [])]


def as_lists(value):
    if isinstance(value, dict):
        return {name: as_lists(inner) for name, inner in value.items()}
    return [as_lists(inner) for inner in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(("links", "opens"), [(GOOD, True), (BAD, False), (mutilated(), None)])
def test_both_readers_judge_every_link_alike(page, links, opens):
    for link, told in zip(links, page.ask("judged", links), strict=True):
        mine = judged(link)
        assert told == mine, link
        assert opens is None or ("config" in told) == opens, link
        if "link" in told:
            assert judged(told["link"])["config"] == mine["config"], link


def test_some_mutilated_links_open_and_some_do_not():
    opened = ["config" in judged(link) for link in mutilated()]
    assert 5 < sum(opened) < len(opened) - 5
