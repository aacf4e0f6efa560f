"""What Node says of the page's mathematics holds in a browser too: a share of it in Chromium."""

import os
import subprocess
from pathlib import Path

import pytest
import torch

from chromium import needs_chromium
from soloneuron.formulas.catalogue import LOSSES
from soloneuron.formulas.losses import as_loss
from soloneuron.playing.config import Config, RaceEntry, default_rate
from soloneuron.playing.race import make_data, runner_plan
from soloneuron.training.loop import updates_of
from soloneuron.training.stepping import first_state

ASKED = Path(__file__).parents[1] / "oracle" / "webmath"
VIEW = Path(__file__).parents[2] / "src" / "soloneuron" / "view"
BUILDER = VIEW / "node_modules" / ".bin" / "esbuild"

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(
        not BUILDER.exists() and "CI" not in os.environ,
        reason="esbuild is not here: the page's mathematics was NOT compared in a browser",
    ),
]

WITHIN = 1e-13
PLAIN = (
    "([name, question]) => JSON.parse(JSON.stringify(answers[name](question), "
    "(_, x) => ArrayBuffer.isView(x) ? [...x] : x))"
)


@pytest.fixture
def ask(browser, tmp_path):
    """Ask what a TypeScript file of the oracle in Node can be asked, in an empty page."""

    def asked(module):
        bundle = tmp_path / f"{module}.js"
        entry = tmp_path / f"{module}.ts"
        entry.write_text(
            f'import {{ answers }} from "{ASKED / module}";\nObject.assign(globalThis, {{ answers }});'
        )
        order = [BUILDER, entry, "--bundle", "--define:VARIANTS=true", f"--outfile={bundle}"]
        subprocess.run([*order, f"--alias:@page={VIEW / 'source'}", "--log-level=error"], check=True)
        page = browser.new_page()
        page.add_script_tag(content=bundle.read_text())
        return lambda name, question: page.evaluate(PLAIN, [name, question])

    return asked


def test_losses_and_their_derivatives_are_the_library_s_in_chromium(ask):
    said = ask("test_losses_webmath")
    z = torch.cat([torch.linspace(-700, 700, 201), torch.linspace(-3, 3, 121)]).double()
    for name in LOSSES:
        loss = as_loss(name)
        for y in (0.0, 1.0):
            found, label = said("one", [name, z.tolist(), y]), torch.tensor(y).double()
            for kind, wanted in (("value", loss.value), ("slope", loss.derivative)):
                values = torch.tensor(found[kind], dtype=torch.float64)
                assert torch.allclose(values, wanted(z, label), rtol=WITHIN, atol=1e-300), (name, kind)


def test_walks_are_python_s_in_chromium(ask):
    said, config = ask("test_walks_webmath"), Config(seed=3, batch=8, bias=True)
    data = make_data(config)
    said("rows", [data.features.flatten().tolist(), data.labels.tolist(), 2])
    for loss, rule in (("nll", "adam"), ("mse", "momentum"), ("focal", "rprop")):
        rate = default_rate(rule)
        plan = runner_plan(config, data, loss, RaceEntry(rule, rate))
        state = first_state(plan, torch.tensor([-6.0, -6.0, 0.0], dtype=torch.float64))
        *_, (_, last) = zip(range(100), updates_of(plan, state), strict=False)
        case = {"rule": rule, "rate": rate, "loss": loss, "batch": 8, "bias": True, "l2": 0, "seed": 3}
        found = said("path", {**case, "start": [-6, -6], "updates": 100})
        assert torch.allclose(torch.tensor(found[-3:], dtype=torch.float64), last.state.theta, rtol=1e-9)
