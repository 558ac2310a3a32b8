"""Every engine has the same shape; the feed is bounded, unbroken, and ends cleanly."""

import asyncio
import importlib.util
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kgsynth.engines.base import (
    ENGINES,
    Completion,
    Engine,
    EngineSettings,
    Message,
    Prompt,
    load_engine,
)
from kgsynth.engines.feed import Feed
from kgsynth.engines.scripted import ScriptedEngine
from kgsynth.errors import EngineError, MissingExtraError, UsageError


def prompt(name: str) -> Prompt:
    return Prompt(name, (Message("user", name),))


def recording(folder: Path) -> Path:
    file = folder / "completions.jsonl"
    file.write_text(
        '{"prompt_id":"p","text":"t","finish_reason":"stop","model":"m","sampling":"s"}\n'
    )
    return file


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_engine_in_the_registry_is_an_engine(name: str, tmp_path: Path) -> None:
    settings = EngineSettings(str(recording(tmp_path)), base_url="http://127.0.0.1:9/v1")
    engine = load_engine(name, settings)
    assert isinstance(engine, Engine)
    assert engine.capacity >= 1
    assert engine.model


def test_loading_the_registry_loads_nothing_heavy() -> None:
    heavy = "{'vllm', 'torch', 'transformers'} & set(sys.modules)"
    code = (
        "import sys; from kgsynth.engines.base import *; "
        f"load_engine('vllm', EngineSettings('m/m')); assert not {heavy}, {heavy}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="unknown engine 'gpt'; known: scripted, vllm, openai"):
        load_engine("gpt", EngineSettings("m"))


@pytest.mark.parametrize(
    "wrong",
    [{"temperature": -1}, {"temperature": 3}, {"top_p": 0}, {"max_tokens": 0}, {"max_num_seqs": 0}],
)
def test_a_setting_out_of_range_is_refused_by_name(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        EngineSettings("m", **wrong)  # type: ignore[arg-type]


@pytest.mark.skipif(bool(importlib.util.find_spec("vllm")), reason="vllm is installed")
def test_without_vllm_the_message_says_what_to_install() -> None:
    engine = load_engine("vllm", EngineSettings("org/model"))
    with (
        Feed(engine) as feed,
        pytest.raises(MissingExtraError, match=r"pip install kgsynth\[vllm\]"),
    ):
        feed.submit(prompt("p"))


def test_an_engine_starts_with_the_first_prompt_and_stops_once() -> None:
    class Counting(ScriptedEngine):
        calls: list[str]

        async def start(self) -> None:
            self.calls.append("start")

        async def stop(self) -> None:
            self.calls.append("stop")

    engine = Counting(lambda p: p.id)
    engine.calls = []
    with Feed(engine):
        pass
    assert engine.calls == []
    with Feed(engine) as feed:
        for name in "abc":
            feed.submit(prompt(name))
        assert sorted(feed.take().text for _ in "abc") == ["a", "b", "c"]
    assert engine.calls == ["start", "stop"]


class Slow:
    """Takes its time for prompts named slow; counts how many run at once."""

    model, sampling, capacity = "slow", "", 4

    def __init__(self) -> None:
        self.running = self.most = 0

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def complete(self, prompt: Prompt) -> Completion:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0.3 if prompt.id.startswith("slow") else 0.001)
        self.running -= 1
        return Completion(prompt.id, "", "stop")


def test_a_slow_prompt_holds_nobody_up_and_no_more_run_than_there_is_room_for() -> None:
    engine = Slow()
    names = ["slow", *(str(number) for number in range(40))]
    done: list[str] = []
    with Feed(engine) as feed:
        waiting = iter(names)
        sent = 0
        while len(done) < len(names):
            while feed.room and sent < len(names):
                feed.submit(prompt(next(waiting)))
                sent += 1
            done.append(feed.take().prompt_id)
    assert engine.most == engine.capacity
    assert sorted(done) == sorted(names)
    assert done.index("slow") > 30


def test_an_engine_that_breaks_is_one_clear_error() -> None:
    def breaks(prompt: Prompt) -> str:
        raise RuntimeError("out of memory")

    with Feed(ScriptedEngine(breaks)) as feed:
        feed.submit(prompt("p"))
        with pytest.raises(EngineError, match="the engine stopped: RuntimeError: out of memory"):
            feed.take()


def test_an_engine_that_does_not_start_leaves_no_thread_behind() -> None:
    class Dead(ScriptedEngine):
        async def start(self) -> None:
            raise EngineError("no model here")

    before = threading.active_count()
    with pytest.raises(EngineError, match="no model here"), Feed(Dead(lambda p: "")) as feed:
        feed.submit(prompt("p"))
    assert threading.active_count() == before


def test_draining_takes_what_is_ready_and_gives_up_on_the_rest() -> None:
    with Feed(Slow()) as feed:
        for name in ("slow", "1", "2"):
            feed.submit(prompt(name))
        time.sleep(0.05)
        assert sorted(c.prompt_id for c in feed.drain(0.05)) == ["1", "2"]


def test_taking_from_an_empty_feed_is_an_error() -> None:
    with Feed(ScriptedEngine(lambda p: "")) as feed, pytest.raises(EngineError, match="in flight"):
        feed.take()


def test_a_recording_is_replayed_with_the_model_that_made_it(tmp_path: Path) -> None:
    engine = ScriptedEngine(EngineSettings(str(recording(tmp_path))))
    assert (engine.model, engine.sampling) == ("m", "s")
    assert asyncio.run(engine.complete(prompt("p"))) == Completion("p", "t", "stop")
    unknown = asyncio.run(engine.complete(prompt("q")))
    assert unknown.finish_reason == "error"
    assert "holds no completion of q" in unknown.detail


@pytest.mark.parametrize(
    "text", ["not json\n", "[]\n", '{"prompt_id":"p"}\n', "\xff\xfe\n", '{"a":1}\n']
)
def test_a_file_that_is_no_recording_is_refused_with_file_and_line(
    text: str, tmp_path: Path
) -> None:
    file = tmp_path / "completions.jsonl"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(EngineError, match=r"completions\.jsonl:"):
        load_engine("scripted", EngineSettings(str(file)))


def test_a_recording_that_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot read recorded completions"):
        load_engine("scripted", EngineSettings(str(tmp_path / "absent.jsonl")))
