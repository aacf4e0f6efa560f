"""The server of one page: it answers GET with it, wherever it is asked, and takes nothing in."""

import gzip
import http.client
import socket
import threading
from contextlib import contextmanager

import pytest

from soloneuron.errors import InputError
from soloneuron.playing.serving import PageServer

PAGE = "<!doctype html>\n<title>нейрон</title>\n" + "<p>words</p>" * 500


@contextmanager
def running(page=PAGE):
    with PageServer(page, host="127.0.0.1", port=20_000) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def port():
    with running() as number:
        yield number


def ask(port, method="GET", path="/", **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = line.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    line.close()
    return found


@pytest.mark.parametrize(
    "path", ["/", "/?data=xor&loss=nll", "/index.html", "/user/me/proxy/8642/", "/a/index.html?x=1"]
)
def test_the_page_stands_at_every_folder(port, path):
    status, headers, body = ask(port, path=path)
    assert (status, body.decode()) == (200, PAGE)
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/favicon.ico", "/ws", "/..%2f..%2fetc/passwd", "/etc/passwd", "/csv"])
def test_nothing_else_is_here(port, path):
    assert ask(port, path=path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "WORD"])
def test_only_get_and_head_are_answered(port, method):
    status, headers, body = ask(port, method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")
    assert PAGE not in body.decode()


def test_head_is_get_without_the_page(port):
    status, headers, body = ask(port, "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(PAGE.encode())


def test_a_browser_that_unpacks_gets_it_packed_and_one_that_has_it_only_a_word(port):
    _, headers, body = ask(port, Accept_Encoding="gzip, br")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body).decode() == PAGE
    assert ask(port, If_None_Match=headers["ETag"])[::2] == (304, b"")


def test_the_page_may_stand_in_a_frame_and_says_nothing_of_who_made_it(port):
    _, headers, _ = ask(port)
    assert "X-Frame-Options" not in headers
    assert "Content-Security-Policy" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Server"] == "soloneuron"


@pytest.mark.parametrize(
    "noise",
    [b"\x00\xff\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b""],
)
def test_noise_harms_nobody(port, noise):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(noise)
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass
    assert ask(port)[0] == 200


def test_thirty_pages_are_served_at_once_and_ask_nothing_more(port):
    answers = []
    asking = [threading.Thread(target=lambda: answers.append(ask(port)[0])) for _ in range(30)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert answers == [200] * 30


def test_a_taken_port_is_passed_over():
    with running() as first, running() as second:
        assert second > first


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1", "a" * 300])
def test_a_host_that_is_not_this_machine_is_refused_in_a_sentence(host):
    with pytest.raises(InputError, match="--host must be an address of this machine"):
        PageServer(PAGE, host=host, port=20_000)
