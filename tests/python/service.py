"""A service of scripted answers, for what the emulator has no reason to send."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from zendesk_csat import Client, OAuthToken


@dataclass
class Answer:
    """One answer; after the last of a script, the last repeats."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


class Service:
    """A loopback server that answers by its script and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        released = self._released = threading.Event()
        script = list(answers)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.requests.append(self.path)
                service.headers.append({name.lower(): value for name, value in self.headers.items()})
                answer = script.pop(0) if len(script) > 1 else script[0]
                released.wait(answer.delay)
                body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that has hung up is what some tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"

    def client(self, **options: Any) -> Client:
        return Client("acme", base_url=self.base_url, credentials=OAuthToken("t"), **options)

    def release(self) -> None:
        """Sends what is delayed."""
        self._released.set()

    def stop(self) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def scripted(*answers: Answer) -> Iterator[Service]:
    service = Service(*answers)
    try:
        yield service
    finally:
        service.stop()
