"""Any server that speaks OpenAI's chat completions: vLLM's own, llama.cpp, a hosted one.

Plain HTTP from the standard library, a thread for each request in flight. What may pass by itself
(no connection, 429, 5xx) is tried again with growing pauses; what the server says of one prompt
(400, 413, 422) costs that prompt; what holds for all (401, 403, 404) ends the run. The key comes
from the environment variable ``OPENAI_API_KEY`` and is never printed or stored.
"""

import asyncio
import contextlib
import http.client
import json
import os
import random
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import SplitResult, urlsplit

from kgsynth.engines.base import Completion, EngineSettings, FinishReason, Prompt
from kgsynth.errors import EngineError, UsageError
from kgsynth.seeding import derive_seed

#: Times that a request is tried when the server does not answer it.
TRIES = 5
#: Seconds before the second try; twice as long before each one after.
FIRST_PAUSE_S = 0.5
_MOST_IN_FLIGHT = 256
#: Not the global generator: that belongs to whoever seeded it.
_JITTER = random.SystemRandom()

_PROMPT_ALONE = frozenset({400, 413, 422})
_EVERYONE = frozenset({401, 403, 404, 405})
_REASONS: dict[object, FinishReason] = {"stop": "stop", "length": "length"}


class OpenAIEngine:
    """Asks a server over HTTP.

    Args:
        settings: The model's name at the server, `base_url`, and the sampling.

    Raises:
        UsageError: If address or model are missing or no address.
        EngineError: On `start`, if nothing answers there, or not with this model.
    """

    def __init__(self, settings: EngineSettings) -> None:
        if not settings.model:
            raise UsageError(
                "the engine 'openai' needs the model's name at the server; use --model"
            )
        self._url = _address(settings.base_url)
        self._settings = settings
        self._headers = {"Content-Type": "application/json", "User-Agent": "kgsynth"}
        if key := os.environ.get("OPENAI_API_KEY"):
            self._headers["Authorization"] = f"Bearer {key}"
        self.model = settings.model
        self.sampling = settings.sampling
        self.capacity = min(settings.max_num_seqs, _MOST_IN_FLIGHT)
        self._threads: ThreadPoolExecutor | None = None
        self._stopped = threading.Event()
        self._open: set[http.client.HTTPConnection] = set()

    async def start(self) -> None:
        """Ask the server which models it has."""
        self._threads = ThreadPoolExecutor(self.capacity, thread_name_prefix="openai")
        loop = asyncio.get_running_loop()
        status, answer = await loop.run_in_executor(
            self._threads, self._ask, "GET", "/models", None
        )
        models = [str(entry.get("id")) for entry in _entries(answer, "data")]
        # Some servers have no such list; then the first prompt tells.
        if status == 200 and models and self.model not in models:
            raise EngineError(
                f"the server at {self._settings.base_url} has no model {self.model!r}; it has "
                f"{', '.join(sorted(models)[:10])}; correct --model"
            )
        if status in (401, 403):
            raise EngineError(self._refusal(status, answer))

    async def complete(self, prompt: Prompt) -> Completion:
        """Ask for one completion."""
        if self._threads is None:
            raise EngineError("the engine 'openai' was not started")
        loop = asyncio.get_running_loop()
        body = json.dumps(self._body(prompt)).encode()
        status, answer = await loop.run_in_executor(
            self._threads, self._ask, "POST", "/chat/completions", body
        )
        if status == 200:
            return _completion(prompt, answer)
        if status in _PROMPT_ALONE:
            return Completion(prompt.id, "", "error", detail=f"{status}: {_message(answer)}")
        raise EngineError(self._refusal(status, answer))

    async def stop(self) -> None:
        """Hang up on requests that are under way, so that their threads end now."""
        self._stopped.set()
        for connection in list(self._open):
            if connection.sock is not None:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        settings = self._settings
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": m.role, "content": m.content} for m in prompt.messages],
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "max_tokens": settings.max_tokens,
            "seed": derive_seed(settings.seed, "engine", prompt.id) % 2**31,
        }
        if prompt.schema:
            schema = {"name": "wording", "strict": True, "schema": json.loads(prompt.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _ask(self, method: str, place: str, body: bytes | None) -> tuple[int, object]:
        """Return status and JSON of an answer; tries again what may pass by itself."""
        trouble = ""
        for attempt in range(TRIES):
            if attempt:
                # Spread, so that many requests do not come back in the same moment.
                pause = FIRST_PAUSE_S * 2 ** (attempt - 1) * _JITTER.uniform(0.8, 1.2)
                if self._stopped.wait(pause):
                    break
            try:
                status, answer = self._once(method, place, body)
            except (OSError, http.client.HTTPException, ValueError) as error:
                trouble = f"{type(error).__name__}: {error}"
                continue
            if status != 429 and status < 500:
                return status, answer
            trouble = f"status {status}: {_message(answer)}"
        raise EngineError(
            f"no answer from {self._settings.base_url} after {TRIES} tries ({trouble}); expected "
            "an OpenAI-compatible server; start it, or correct --base-url"
        )

    def _once(self, method: str, place: str, body: bytes | None) -> tuple[int, object]:
        connect: type[http.client.HTTPConnection] = http.client.HTTPConnection
        if self._url.scheme == "https":
            connect = http.client.HTTPSConnection
        connection = connect(self._url.netloc, timeout=self._settings.timeout_s)
        self._open.add(connection)
        try:
            connection.request(method, self._url.path.rstrip("/") + place, body, self._headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            self._open.discard(connection)
            connection.close()
        try:
            return response.status, json.loads(text)
        except ValueError:
            if response.status == 200:
                raise
            return response.status, text[:200].decode(errors="replace")

    def _refusal(self, status: int, answer: object) -> str:
        what = "set OPENAI_API_KEY" if status in (401, 403) else "correct --base-url or --model"
        return (
            f"the server at {self._settings.base_url} refuses with status {status}: "
            f"{_message(answer)}; expected chat completions of {self.model!r}; {what}"
        )


def _address(base_url: str) -> SplitResult:
    url = urlsplit(base_url)
    if url.scheme not in ("http", "https") or not url.hostname or url.username:
        raise UsageError(
            f"--base-url is {base_url!r}; expected the address of an OpenAI-compatible server "
            "without a password in it, such as http://localhost:8000/v1"
        )
    return url


def _completion(prompt: Prompt, answer: object) -> Completion:
    try:
        choice = answer["choices"][0]  # type: ignore[index]
        message, usage = choice["message"], answer.get("usage") or {}  # type: ignore[attr-defined]
        text = message.get("content") or message.get("refusal") or ""
        reason = _REASONS.get(choice.get("finish_reason"), "error")
        tokens = int(usage.get("prompt_tokens", 0)), int(usage.get("completion_tokens", 0))
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        detail = f"the answer is no chat completion: {type(error).__name__}: {error}"
        return Completion(prompt.id, "", "error", detail=detail)
    detail = "" if reason != "error" else f"the server ended it: {choice.get('finish_reason')}"
    return Completion(prompt.id, str(text), reason, *tokens, detail)


def _entries(answer: object, key: str) -> list[dict[str, Any]]:
    found = answer.get(key) if isinstance(answer, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _message(answer: object) -> str:
    """Return what a server says of an error, in one line of at most 200 characters."""
    said: object = answer
    if isinstance(answer, dict):
        said = answer.get("error", answer.get("message", answer.get("detail", answer)))
    if isinstance(said, dict):
        said = said.get("message", said)
    return " ".join(str(said).split())[:200]
