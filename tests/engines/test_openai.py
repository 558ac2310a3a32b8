"""The HTTP engine against a real server on loopback that answers, refuses, stalls and lies."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kgsynth.engines import openai
from kgsynth.engines.base import Completion, EngineSettings, Message, Prompt, load_engine
from kgsynth.engines.feed import Feed
from kgsynth.errors import EngineError, UsageError
from kgsynth.ledger import Ledger
from kgsynth.records import Row
from kgsynth.traces.model import ModelSettings, write_with_model
from kgsynth.traces.prompt import plan_row, write_prompt
from tests.worded import ACCEPTED, rows_of_their_own, said

Reply = tuple[int, bytes]
ASK = Prompt("p1", (Message("system", "Be brief."), Message("user", "Hello")), '{"type": "object"}')


class Server(ThreadingHTTPServer):
    """Keeps what it was asked; `reply` says what to answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[str | None] = []
        self.models: Reply = (200, b'{"data": [{"id": "tiny"}]}')
        self.reply: Callable[[dict[str, Any]], Reply] = lambda body: (200, chat("yes"))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.answer(*(self.server.models if self.path == "/v1/models" else (404, b"{}")))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        self.server.headers.append(self.headers["Authorization"])
        self.answer(*self.server.reply(body))

    def answer(self, status: int, body: bytes) -> None:
        if status == 0:
            return  # hang up without a word
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


def chat(text: str, reason: str = "stop") -> bytes:
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": reason}
    return json.dumps(
        {"choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}
    ).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(openai, "FIRST_PAUSE_S", 0.001)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with Server() as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def ask(server: Server, **changes: Any) -> Completion:
    settings = EngineSettings("tiny", **{"base_url": server.url, "timeout_s": 2.0, **changes})
    with Feed(load_engine("openai", settings)) as feed:
        feed.submit(ASK)
        return feed.take()


def test_a_prompt_goes_out_whole_and_the_completion_comes_back(server: Server) -> None:
    assert ask(server, temperature=0.5, max_tokens=9) == Completion("p1", "yes", "stop", 7, 3)
    (body,) = server.asked
    assert 0 <= body.pop("seed") < 2**31
    assert body == {
        "model": "tiny",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
        ],
        "temperature": 0.5,
        "top_p": 0.95,
        "max_tokens": 9,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "wording", "strict": True, "schema": {"type": "object"}},
        },
    }


def test_the_key_is_sent_and_shown_to_nobody(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "hush-hush")
    server.reply = lambda body: (401, b'{"error": {"message": "bad key"}}')
    with pytest.raises(EngineError, match=r"status 401: bad key; .*set OPENAI_API_KEY") as caught:
        ask(server)
    assert server.headers == ["Bearer hush-hush"]
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("trouble", [(429, b"slow down"), (503, b"{}"), (0, b""), (200, b"<html>")])
def test_what_may_pass_by_itself_is_tried_again(server: Server, trouble: Reply) -> None:
    replies = [trouble, trouble, (200, chat("yes"))]
    server.reply = lambda body: replies.pop(0)
    assert ask(server).text == "yes"
    assert len(server.asked) == 3


def test_a_server_that_never_recovers_is_one_clear_error(server: Server) -> None:
    server.reply = lambda body: (500, b'{"error": "out of memory"}')
    with pytest.raises(
        EngineError, match=r"after 5 tries .status 500: out of memory.; expected an"
    ):
        ask(server)


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        ((400, b'{"error": {"message": "prompt too long"}}'), "400: prompt too long"),
        ((422, b'{"detail": "no such schema"}'), "422: no such schema"),
        ((200, b"{}"), "the answer is no chat completion: KeyError: 'choices'"),
        ((200, b"[]"), "no chat completion"),
        ((200, b'{"choices": []}'), "no chat completion"),
        ((200, chat("", "content_filter")), "the server ended it: content_filter"),
    ],
)
def test_a_prompt_that_the_server_cannot_answer_costs_that_prompt(
    server: Server, reply: Reply, detail: str
) -> None:
    server.reply = lambda body: reply
    completion = ask(server)
    assert completion.finish_reason == "error"
    assert detail in completion.detail


def test_a_completion_cut_off_says_so(server: Server) -> None:
    server.reply = lambda body: (200, chat("{", "length"))
    assert ask(server).finish_reason == "length"


def test_a_model_that_the_server_does_not_have_is_refused_by_name(server: Server) -> None:
    server.models = (200, b'{"data": [{"id": "large"}, {"id": "small"}]}')
    with pytest.raises(EngineError, match="has no model 'tiny'; it has large, small"):
        ask(server)


@pytest.mark.parametrize("models", [(404, b""), (200, b"[]"), (200, b'{"data": null}')])
def test_a_server_without_a_list_of_models_will_do(server: Server, models: Reply) -> None:
    server.models = models
    assert ask(server).text == "yes"


def test_where_nothing_listens_the_message_says_what_to_do(server: Server) -> None:
    with pytest.raises(EngineError, match=r"ConnectionRefusedError.*correct --base-url"):
        ask(server, base_url="http://127.0.0.1:1/v1")


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://x/v1", "http://", "http://u:p@h/v1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="--base-url is"):
        load_engine("openai", EngineSettings("m", base_url=url))


def test_stopping_hangs_up_on_a_server_that_stalls(server: Server) -> None:
    stalled = threading.Event()

    def stall(body: dict[str, Any]) -> Reply:
        stalled.set()
        time.sleep(1.0)
        return 0, b""

    server.reply = stall
    settings = EngineSettings("tiny", base_url=server.url, timeout_s=60.0)
    with Feed(load_engine("openai", settings)) as feed:
        feed.submit(ASK)
        assert stalled.wait(5)
        begin = time.monotonic()
    assert time.monotonic() - begin < 0.5


def test_rows_are_worded_over_http_many_at_a_time(server: Server, tmp_path: Path) -> None:
    rows = rows_of_their_own(40)
    answers = {}
    for row in rows:
        plan = plan_row(row)
        answers[write_prompt(plan).messages[-1].content] = said(plan)
    server.reply = lambda body: (200, chat(answers[body["messages"][-1]["content"]]))
    engine = load_engine("openai", EngineSettings("tiny", base_url=server.url, max_num_seqs=8))
    with Ledger(tmp_path, model=engine.model, sampling=engine.sampling) as ledger:
        out = list(write_with_model(rows, engine, lambda row: ACCEPTED, ModelSettings(), ledger))
        assert ledger.counts()["outcomes"] == {"kept": 40}
    assert all(isinstance(row, Row) and row.provenance.model == "tiny" for row in out)
