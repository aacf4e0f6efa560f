"""The server: whom it talks to, what it bears, and that the others go on."""

import json
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from soloneuron.errors import InputError
from soloneuron.playground import controller, landscape, server
from soloneuron.playground.config import Config
from soloneuron.playground.controller import WINDOW
from soloneuron.playground.frames import unpack
from soloneuron.playground.session import Session
from soloneuron.texts import LANGUAGES
from soloneuron.view import LATER_FILES, PAGE_FILES

PATIENCE = 30


@contextmanager
def running(savers=None):
    listener = server.bind(20_000)
    port = listener.getsockname()[1]
    made = uvicorn.Server(server.configured(port, savers))
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield port
    finally:
        made.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()
        listener.close()


@pytest.fixture(scope="module")
def port():
    with running() as number:
        yield number


@pytest.fixture
def get(port):
    return lambda path="/", **more: httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False, **more)


@contextmanager
def page(port, **more):
    with connect(f"ws://127.0.0.1:{port}/ws", proxy=None, open_timeout=PATIENCE, **more) as line:
        assert json.loads(line.recv(PATIENCE))["is"] == "hello"
        yield line


def ask(line, **message):
    line.send(json.dumps(message))


def until(line, kind):
    """The next message of a kind: "frame", or what its ``is`` says."""
    while True:
        said = line.recv(PATIENCE)
        if isinstance(said, bytes):
            if kind == "frame":
                return unpack(said)
        elif json.loads(said)["is"] == kind:
            return json.loads(said)


def plays(line):
    ask(line, do="open", link="loss=nll")
    until(line, "status")
    ask(line, do="go", step=3)
    return until(line, "frame").step in {1, 2, 3}


@pytest.mark.parametrize(
    "name", [*PAGE_FILES, *LATER_FILES, "", *(f"texts/{language}.json" for language in LANGUAGES)]
)
def test_every_file_of_the_page_is_served_with_its_type_and_policy(get, name):
    answer = get(f"/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(
        (PAGE_FILES | LATER_FILES).get(name, ("text/html", "application/json")[bool(name)])
    )
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/nothing", "/texts/de.json", "/../pyproject.toml", "/%2e%2e%2fserver.py"])
def test_nothing_else_is_served(get, path):
    assert get(path).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
)
def test_foreign_hosts_and_origins_get_403_everywhere(port, get, headers):
    assert get(headers=headers).status_code == 403
    assert httpx.post(f"http://127.0.0.1:{port}/csv", headers=headers, trust_env=False).status_code == 403
    with pytest.raises(InvalidStatus) as refusal, page(port, additional_headers=headers):
        pass
    assert refusal.value.response.status_code in {400, 403}


def test_the_own_origin_is_let_in(port):
    with page(port, origin=f"http://localhost:{port}") as line:
        assert plays(line)


def test_a_wrong_message_gets_an_error_frame_and_the_line_stays_open(port):
    with page(port) as line:
        for raw in ("{", "{}", '{"do": "go", "step": 1}', b"\x00\x01"):
            line.send(raw)
            assert until(line, "error")["code"].startswith("playground.message.")
        assert plays(line)


def test_an_oversized_message_closes_its_line_only(port):
    with page(port) as other, page(port) as line:
        line.send("x" * (server.LARGEST_MESSAGE + 1))
        with pytest.raises(ConnectionClosed):
            line.recv(PATIENCE)
        assert plays(other)


def test_a_vanished_page_and_a_silent_one_leave_the_others_playing(port):
    with page(port) as silent, page(port) as other:
        with page(port) as gone:
            ask(gone, do="open", link="")
            ask(gone, do="play", until=10_000)
            gone.socket.shutdown(socket.SHUT_RDWR)
        ask(silent, do="open", link="")
        ask(silent, do="play", until=10_000)
        assert plays(other)
        ask(silent, do="pause")
        shown = 0
        with suppress(TimeoutError):
            while True:
                shown += isinstance(silent.recv(0.3), bytes)
        assert 1 <= shown <= WINDOW


def frames(line, count):
    """Acknowledge frames until so many have come; the steps they show."""
    shown = []
    for number in range(1, count + 1):
        shown.append(until(line, "frame").step)
        ask(line, do="seen", frame=number)
    return shown


@pytest.mark.parametrize(
    ("wish", "answer"), [({"do": "open", "link": "seed=77"}, "setup"), ({"do": "go", "step": 900}, "status")]
)
def test_while_one_page_computes_long_the_frames_of_another_go_on(port, monkeypatch, wish, answer):
    """The long work ends only after the other page has got its frames: on one thread neither would."""
    shown = threading.Event()

    class Slow(Session):
        def __init__(self, config):
            assert config.seed != 77 or shown.wait(PATIENCE)
            super().__init__(config)

        def go(self, step):
            assert step < 30 or self.config.seed != 76 or shown.wait(PATIENCE)
            super().go(step)

    monkeypatch.setattr(controller, "Session", Slow)
    with page(port) as busy, page(port) as other:
        ask(busy, do="open", link="seed=76")
        until(busy, "status")
        ask(other, do="open", link="loss=nll")
        until(other, "setup")
        ask(busy, **wish)
        ask(other, do="play", until=10_000)
        assert frames(other, 20) == [*range(20)]
        shown.set()
        assert until(busy, answer)


def test_many_fast_steps_of_one_page_leave_another_its_frames(port, monkeypatch):
    shown, racing = threading.Event(), threading.Event()

    class Slow(Session):
        def go(self, step):
            if self.config.seed == 76 and step > 0:
                racing.set()
                assert shown.wait(PATIENCE)
            super().go(step)

    monkeypatch.setattr(controller, "Session", Slow)
    with page(port) as busy, page(port) as other:
        ask(busy, do="speed", speed=960)
        ask(busy, do="open", link="seed=76")
        until(busy, "status")
        ask(busy, do="play", until=10_000)
        assert racing.wait(PATIENCE)
        ask(other, do="open", link="loss=nll")
        ask(other, do="play", until=10_000)
        assert frames(other, 20) == [*range(20)]
        shown.set()
        assert until(busy, "frame").step == 16


def test_a_server_that_has_warmed_up_has_the_first_story_at_hand():
    server.warm()
    before = landscape._search.cache_info()
    Session(Config())
    after = landscape._search.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (0, 2)


def test_more_pages_than_allowed_are_told_so_and_the_place_is_free_again_later(port):
    with ExitStack() as pages:
        for _ in range(server.MOST_SESSIONS):
            pages.enter_context(page(port))
        with connect(f"ws://127.0.0.1:{port}/ws", proxy=None) as late:
            assert json.loads(late.recv(PATIENCE))["code"] == "playground.server.full"
            with pytest.raises(ConnectionClosed):
                late.recv(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with connect(f"ws://127.0.0.1:{port}/ws", proxy=None) as again:
            if json.loads(again.recv(PATIENCE))["is"] == "hello":
                return
    raise AssertionError("no place became free")


def test_an_upload_becomes_a_link_and_a_bad_one_a_sentence(port):
    def post(content):
        return httpx.post(f"http://127.0.0.1:{port}/csv", content=content, trust_env=False)

    good = post(b"a,b,y\n1,2,0\n3,5,1\n")
    assert good.json()["link"].startswith("data=own&points=")
    assert post(b"a,b\n1,2\n").json()["code"] == "playground.csv.columns"
    assert post(b"x" * (server.LARGEST_FILE + 1)).json()["code"] == "playground.csv.large"


def test_a_taken_port_gives_the_next_free_one():
    first = server.bind(21_000)
    second = server.bind(first.getsockname()[1])
    assert second.getsockname()[1] > first.getsockname()[1]
    assert second.getsockname()[0] == "127.0.0.1"
    first.close()
    second.close()


def test_no_free_port_is_a_sentence(monkeypatch):
    monkeypatch.setattr(server, "NEXT_PORTS", 0)
    with pytest.raises(InputError, match="no free port"):
        server.bind(21_000)


def test_the_server_ends_with_pages_still_open():
    with ExitStack() as pages, running() as number:
        line = pages.enter_context(page(number))
        ask(line, do="open", link="")
        ask(line, do="play", until=10_000)


def test_while_a_page_is_being_made_the_others_play():
    go_on, begun = threading.Event(), threading.Event()

    def slow(runs, language):
        begun.set()
        assert go_on.wait(PATIENCE)
        return f"{language} {list(runs)}"

    with running({"report": slow}) as number, page(number) as one, page(number) as other:
        ask(one, do="open", link="loss=nll&step=2")
        ask(one, do="report", language="ru")
        assert begun.wait(PATIENCE)
        assert plays(other)
        go_on.set()
        assert until(one, "page") == {"is": "page", "what": "report", "text": "ru ['SGD']"}
