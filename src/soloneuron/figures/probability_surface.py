"""Probability surfaces of neurons with two features, side by side, with the data standing on them."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from soloneuron.errors import InputError
from soloneuron.figures.frame import framed, plotly
from soloneuron.figures.palette import CLASS_COLORS, SURFACE
from soloneuron.neuron import Neuron
from soloneuron.records.findings import Chart
from soloneuron.records.run import RunRecord
from soloneuron.texts import text
from soloneuron.training.recipes import neuron_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly.graph_objects import Figure

CAPTION = 32
"""Letters in a line above a surface."""

_POINTS = 41
"""Rows and columns of a surface."""

_MOST = 300
"""So many points of the data are drawn."""


def draw_probability_surfaces(chart: Chart, runs: Mapping[str, RunRecord], language: str) -> Figure:
    """One scene for each run: its surface, and its rows at the probability that this surface gives them.

    Raises:
        InputError: a run whose data do not have two features.
    """
    go = plotly()
    figure = go.Figure()
    chosen = [runs[name] for name in chart.runs]
    share = 1 / len(chosen)
    layout: dict[str, Any] = {}
    for k, run in enumerate(chosen):
        if run.data.features.shape[1] != 2:
            raise InputError(
                f"a surface needs two features, got {run.data.features.shape[1]}", code="surface.features"
            )
        scene = "scene" if k == 0 else f"scene{k + 1}"
        figure.add_traces([_surface(go, run, scene, language), *_points(go, run, scene, language)])
        layout[scene] = _scene(run, (k * share, (k + 1) * share), language)
    notes = [
        {
            "text": _caption(run, language),
            "font": {"size": 14},
            "x": (k + 0.5) * share,
            "xanchor": "center",
            "y": 1.0,
            "xref": "paper",
            "yref": "paper",
            "showarrow": False,
            "yanchor": "bottom",
        }
        for k, run in enumerate(chosen)
    ]
    framed(figure, height=440, annotations=notes, showlegend=False, **layout)
    return figure.update_layout(margin={"l": 0, "r": 0, "t": 44, "b": 0})


def _neuron(run: RunRecord) -> Neuron:
    """The neuron that a run trained; the loss of each point is without the penalty."""
    return replace(neuron_of(run.recipe), penalty=None)


def _theta(run: RunRecord) -> Tensor:
    theta = run.history.theta[-1]
    return theta.reshape(-1, theta.shape[-1])[0].double()


def _surface(go: Any, run: RunRecord, scene: str, language: str) -> Any:
    low, high = run.data.features.amin(0), run.data.features.amax(0)
    margin = 0.15 * (high - low)
    axes = [
        torch.linspace(float(a), float(b), _POINTS, dtype=torch.float64)
        for a, b in zip(low - margin, high + margin, strict=True)
    ]
    grid = torch.stack(torch.meshgrid(*axes, indexing="xy"), -1).view(-1, 2)
    p = _neuron(run).probabilities(_theta(run), grid).view(_POINTS, _POINTS)
    x, y = run.data.feature_names
    word = text(language, "figures.probability")
    return go.Surface(
        x=[round(value, 4) for value in axes[0].tolist()],
        y=[round(value, 4) for value in axes[1].tolist()],
        z=[[round(value, 4) for value in row] for row in p.tolist()],
        scene=scene,
        colorscale=SURFACE,
        cmin=0,
        cmax=1,
        opacity=0.85,
        showscale=False,
        hovertemplate=f"{x} %{{x:.3g}}, {y} %{{y:.3g}}<br>{word} %{{z:.3f}}<extra></extra>",
    )


def _points(go: Any, run: RunRecord, scene: str, language: str) -> list[Any]:
    """The rows by class; what hovers is the probability and the loss under this very surface."""
    neuron, theta = _neuron(run), _theta(run)
    X, y = run.data.features[:_MOST], run.data.labels[:_MOST]
    z = neuron.logits(theta, X)
    p, loss = neuron.probabilities(theta, X), neuron.loss.value(z, y)
    names = run.data.feature_names
    traces = []
    for label in (0, 1):
        chosen = [i for i, value in enumerate(y.tolist()) if (value > 0.5) == bool(label)]
        hover_texts = [
            text(
                language,
                "figures.point",
                first=f"{names[0]} {X[i, 0]:.3g}",
                second=f"{names[1]} {X[i, 1]:.3g}",
                label=run.data.classes[label],
                p=float(p[i]),
                loss=float(loss[i]),
            )
            for i in chosen
        ]
        traces.append(
            go.Scatter3d(
                x=X[chosen, 0].tolist(),
                y=X[chosen, 1].tolist(),
                z=[round(value, 4) for value in p[chosen].tolist()],
                mode="markers",
                scene=scene,
                text=hover_texts,
                hoverinfo="text",
                marker={
                    "size": 5 if len(y) <= 20 else 3,
                    "color": CLASS_COLORS[label],
                    "symbol": ("circle", "diamond")[label],
                    "line": {"color": "#ffffff", "width": 1},
                },
            )
        )
    return traces


def _scene(run: RunRecord, domain: tuple[float, float], language: str) -> dict[str, Any]:
    x, y = run.data.feature_names
    names = {"xaxis": x, "yaxis": y, "zaxis": text(language, "figures.probability")}
    axes: dict[str, Any] = {axis: {"title": {"text": name}} for axis, name in names.items()}
    axes["zaxis"]["range"] = [0, 1]
    return {
        **axes,
        "domain": {"x": list(domain), "y": [0, 1]},
        "aspectmode": "cube",
        "camera": {"eye": {"x": -1.4, "y": -1.5, "z": 0.8}, "center": {"x": 0, "y": 0, "z": -0.14}},
    }


def _caption(run: RunRecord, language: str) -> str:
    """Loss and optimizer of a run, and whether classes were weighted."""
    recipe = run.recipe
    words = [text(language, f"losses.{recipe.loss.name}.title")]
    if recipe.optimizer.name != "gradient_descent":
        rule = recipe.optimizer
        words.append(rule.name if rule.own else text(language, f"optimizers.{rule.name}.title"))
    if recipe.class_weight is not None:
        words.append(text(language, "figures.weighted"))
    return "<br>".join(wrap(", ".join(words), CAPTION))
