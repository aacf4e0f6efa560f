"""The server: it serves the page, and drives one session for every page that is open."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Mapping, Sequence

import torch
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from soloneuron.errors import InputError, SoloneuronError
from soloneuron.optimizers.card import card
from soloneuron.optimizers.catalogue import OPTIMIZERS
from soloneuron.playground.config import Config
from soloneuron.playground.controller import Controller, Reply, Saver
from soloneuron.playground.guard import POLICY, Guard
from soloneuron.playground.judgement import status
from soloneuron.playground.refusals import playground_error
from soloneuron.playground.session import Session
from soloneuron.playground.setup import menus, setup
from soloneuron.playground.upload import points_of_csv
from soloneuron.texts import LANGUAGES, table
from soloneuron.view import LATER_FILES, PAGE_FILES, asset

HOST = "127.0.0.1"
NEXT_PORTS = 50
"""How many ports are tried, one after the other."""

MOST_SESSIONS = 8
LARGEST_MESSAGE = 1 << 16
LARGEST_FILE = 1 << 20
STATUS_EVERY = 0.25
"""Seconds between two states of a race that plays."""

TEXT_TABLES = ("playground", "losses", "optimizers", "outcomes", "penalties", "lessons", "faults")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def make_app(port: int, savers: Mapping[str, Saver] | None = None) -> Starlette:
    """The application for a server that listens on a port; savers make the pages that people keep."""
    app = Starlette(
        routes=[
            Route("/", _page),
            Route("/texts/{language}.json", _texts),
            Route("/csv", _csv, methods=["POST"]),
            Route("/{name}", _asset),
            WebSocketRoute("/ws", _play),
        ],
        middleware=[Middleware(Guard, port=port)],
    )
    app.state.sessions = 0
    app.state.savers = savers
    return app


def bind(port: int) -> socket.socket:
    """A socket that listens on this machine only, on the port or the next free one.

    Raises:
        InputError: none of the next fifty ports is free.
    """
    for candidate in range(port, min(port + NEXT_PORTS, 1 << 16)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
            listener.listen(64)
        except OSError:
            listener.close()
            continue
        return listener
    raise InputError(
        f"no free port from {port} to {port + NEXT_PORTS - 1}: choose another with --port", code="play.port"
    )


def serve(listener: socket.socket, savers: Mapping[str, Saver] | None = None) -> None:
    """Serve until somebody stops the process.

    Args:
        listener: from ``bind``.
        savers: who makes a page of a race to keep: ``replay`` and ``report``.
    """
    threading.Thread(target=warm).start()
    torch.set_num_threads(1)  # three hundred points are not worth a second thread, and pages want the core
    uvicorn.Server(configured(listener.getsockname()[1], savers)).run(sockets=[listener])


def warm() -> None:
    """Open the first story while the browser is still starting; what is imported and found by it stays."""
    session = Session(Config())
    session.go(1)
    setup(session)
    status(session)


def configured(port: int, savers: Mapping[str, Saver] | None = None) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        make_app(port, savers),
        log_level="critical",
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
        lifespan="off",
        server_header=False,
    )


async def _page(_request: Request) -> Response:
    return Response(asset("playground.html"), media_type="text/html", headers=HEADERS)


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    kinds = PAGE_FILES | LATER_FILES
    if name not in kinds:
        return PlainTextResponse("404 not found", status_code=404)
    return Response(asset(name), media_type=kinds[name], headers=HEADERS)


async def _texts(request: Request) -> Response:
    language = request.path_params["language"]
    if language not in LANGUAGES:
        return PlainTextResponse("404 not found", status_code=404)
    texts = {name: table(language, name) for name in TEXT_TABLES}
    # The catalogue's data sets, and the page's own points.
    data = table(language, "data") | texts["playground"]["data"]
    texts["playground"] = texts["playground"] | {"data": data}
    cards = {name: vars(card(name, language)) for name in OPTIMIZERS}
    return JSONResponse(texts | {"cards": cards}, headers=HEADERS)


async def _csv(request: Request) -> Response:
    raw = bytearray()
    try:
        async for piece in request.stream():
            raw += piece
            if len(raw) > LARGEST_FILE:
                raise playground_error("csv.large", most=LARGEST_FILE >> 20)
        link, said = await asyncio.to_thread(points_of_csv, bytes(raw))
    except ClientDisconnect:
        return Response(status_code=400)
    except SoloneuronError as fault:
        fields = {name: value for name, value in fault.fields.items() if isinstance(value, str | int | float)}
        answer = {"is": "error", "code": fault.code, "fields": fields, "message": str(fault)}
        return JSONResponse(answer, headers=HEADERS)
    return JSONResponse({"is": "points", "link": link, "fields": said}, headers=HEADERS)


async def _play(page: WebSocket) -> None:
    """One page: its messages are obeyed in turn; while it plays it gets frames as fast as it shows them."""
    await page.accept()
    state = page.app.state
    if state.sessions >= MOST_SESSIONS:
        fault = playground_error("server.full", most=MOST_SESSIONS)
        await _send(
            page, [{"is": "error", "code": fault.code, "fields": fault.fields, "message": str(fault)}]
        )
        await page.close(1013)
        return
    state.sessions += 1
    controller, turn, awake = Controller(state.savers), asyncio.Lock(), asyncio.Event()
    player = asyncio.create_task(_keep_playing(page, controller, turn, awake))
    try:
        await _send(page, [{"is": "hello", "menus": menus()}])
        while True:
            raw = await page.receive()
            if raw["type"] == "websocket.disconnect":
                return
            async with turn:
                await _send(page, await asyncio.to_thread(controller.handle, raw.get("text") or ""))
            awake.set()
    except (WebSocketDisconnect, RuntimeError):
        return
    finally:
        state.sessions -= 1
        player.cancel()


async def _keep_playing(
    page: WebSocket, controller: Controller, turn: asyncio.Lock, awake: asyncio.Event
) -> None:
    clock = asyncio.get_running_loop().time
    due = last_status = clock()
    while True:
        if not controller.playing or controller.waiting:
            await awake.wait()
            awake.clear()
            due = max(due, clock())
            continue
        await asyncio.sleep(max(0.0, due - clock()))
        due = max(due + 1 / controller.pace, clock() - 0.05)
        async with turn:
            try:
                await _send(page, await _advanced(controller))
                if controller.playing and clock() - last_status > STATUS_EVERY:
                    last_status = clock()
                    await _send(page, controller.status_replies())
            except (WebSocketDisconnect, RuntimeError):
                return


async def _advanced(controller: Controller) -> list[Reply]:
    """The next frame; only where it takes a single step is computing it shorter than another page's wait."""
    return controller.advance() if controller.stride == 1 else await asyncio.to_thread(controller.advance)


async def _send(page: WebSocket, replies: Sequence[Reply]) -> None:
    for reply in replies:
        if isinstance(reply, bytes):
            await page.send_bytes(reply)
        else:
            said = reply if isinstance(reply, dict) else await asyncio.to_thread(reply)
            await page.send_text(json.dumps(said, ensure_ascii=False))
