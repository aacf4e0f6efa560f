"""Who may talk to the server: pages that it served itself, on this machine."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Guard:
    """Refuses requests whose ``Host`` or ``Origin`` is not this server's, with 403, sockets too.

    A foreign page that a browser has open may send requests here; its ``Origin`` gives it away. A foreign
    name that resolves to this machine (DNS rebinding) shows in ``Host``.

    Args:
        app: what is guarded.
        port: where the server listens.
    """

    def __init__(self, app: ASGIApp, *, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] not in ("http", "websocket") or self._allows(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("403 forbidden", status_code=403)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _allows(self, scope: Scope) -> bool:
        said = {b"host": [], b"origin": []}  # type: dict[bytes, list[str]]
        for name, value in scope["headers"]:
            if name in said:
                said[name].append(value.decode("latin-1").lower())
        origins = {f"http://{host}" for host in self._hosts}
        return (
            len(said[b"host"]) == 1
            and said[b"host"][0] in self._hosts
            and len(said[b"origin"]) <= 1
            and set(said[b"origin"]) <= origins
        )
