"""The page's mathematics in Node: one process a module, asked by name."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from soloneuron.playing.page_data import page_words
from soloneuron.texts import LANGUAGES

HERE = Path(__file__).parent
VIEW = HERE.parents[2] / "src" / "soloneuron" / "view"
BUILDER = VIEW / "node_modules" / ".bin" / "esbuild"
MISSING = "Node or esbuild is not here: the page's mathematics was NOT compared with the library's"

SERVE = """
import { createInterface } from "node:readline";
import { answers } from %s;
const pack = (_, x) => x instanceof Float64Array || x instanceof Int32Array || x instanceof Uint8Array
  ? { packed: Buffer.from(Float64Array.from(x).buffer).toString("base64") }
  : typeof x === "number" && !Number.isFinite(x) ? { packed: Buffer.from(Float64Array.of(x).buffer).toString("base64"), one: 1 } : x;
const unpack = (_, x) => x && typeof x.packed === "string"
  ? new Float64Array(new Uint8Array(Buffer.from(x.packed, "base64")).buffer) : x;
for await (const line of createInterface({ input: process.stdin })) {
  const [name, question] = JSON.parse(line, unpack);
  process.stdout.write(JSON.stringify(await answers[name](question), pack) + "\\n");
}
"""  # noqa: E501

WORDS = """
import { Words } from "@page/words";
const known = %s;
export const words = Object.fromEntries(
  Object.entries(known).map(([language, { table }]) => [language, new Words(language, table)]),
);
"""
"""All sentences, as the page unpacks them."""


class Page:
    """A Node process that answers what ``answers`` of a TypeScript file can be asked."""

    def __init__(self, source, folder):
        entry, bundle = folder / "serve.ts", folder / "serve.mjs"
        entry.write_text(SERVE % json.dumps(str(source)))
        words = folder / "words.ts"
        known = {language: page_words(language) for language in LANGUAGES}
        words.write_text(WORDS % json.dumps(known))
        order = [
            BUILDER,
            entry,
            "--bundle",
            "--platform=node",
            "--format=esm",
            "--define:VARIANTS=true",
            f"--outfile={bundle}",
        ]
        subprocess.run(
            [*order, f"--alias:@page={VIEW / 'source'}", f"--alias:@words={words}", "--log-level=error"],
            check=True,
        )
        self._node = subprocess.Popen(
            ["node", bundle], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, name, question=None):
        """The answer: typed arrays, and numbers that are not finite, come as float64."""
        self._node.stdin.write(json.dumps([name, question], default=_packed) + "\n")
        self._node.stdin.flush()
        line = self._node.stdout.readline()
        assert line, "Node ended: see its words above"
        return json.loads(line, object_hook=_unpacked)

    def close(self):
        self._node.stdin.close()
        self._node.wait(10)
        self._node.stdout.close()


@pytest.fixture(scope="module")
def page(request, tmp_path_factory):
    """What the TypeScript file beside a module of tests can be asked: ``page.ask(name, question)``."""
    if shutil.which("node") is None or not BUILDER.exists():
        if "CI" in os.environ:
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    module = Path(request.module.__file__)
    found = Page(module.with_suffix(".ts"), tmp_path_factory.mktemp(module.stem))
    yield found
    found.close()


def _packed(value):
    numbers = np.asarray(value.detach() if isinstance(value, torch.Tensor) else value, dtype="<f8")
    return {"packed": base64.b64encode(numbers.tobytes()).decode()}


def _unpacked(value):
    if "packed" not in value:
        return value
    numbers = torch.frombuffer(
        bytearray(base64.b64decode(value["packed"])) or bytearray(8), dtype=torch.float64
    )
    numbers = numbers if value["packed"] else numbers[:0]
    return float(numbers[0]) if "one" in value else numbers
