"""What an engine is: one prompt in, one completion out, many at a time.

An engine answers one prompt in `Engine.complete`, a coroutine; `kgsynth.engines.feed.Feed` keeps
`Engine.capacity` of them running. To add an engine, write a class with these members in a file of
its own and one line in `ENGINES`.

Two things can go wrong. A prompt that cannot be answered (too long, refused by the server) costs
that prompt alone: it comes back as a completion with ``finish_reason="error"`` and says why in
`Completion.detail`. An engine that is gone raises `EngineError`, which ends the run.
"""

import importlib
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from pydantic import ConfigDict, with_config

from kgsynth.errors import UsageError

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "error"]

_STRICT = ConfigDict(extra="forbid")

#: Engines by the name that ``--engine`` takes, as ``module:Class``; loaded on use.
ENGINES: dict[str, str] = {
    "scripted": "kgsynth.engines.scripted:ScriptedEngine",
    "vllm": "kgsynth.engines.vllm:VllmEngine",
    "openai": "kgsynth.engines.openai:OpenAIEngine",
}


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Prompt:
    """What an engine is asked.

    Attributes:
        id: A content hash: the same words under the same id in every run.
        messages: The conversation so far; the engine writes the next turn.
        schema: A JSON Schema that the final object must meet, as text; "" for free text. There
            are few different ones in a run, because each costs the engine a compilation.
    """

    id: str
    messages: tuple[Message, ...]
    schema: str = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Completion:
    """What an engine answered.

    Attributes:
        prompt_id: The prompt it belongs to.
        text: The raw text, reasoning in tags included; "" where there is none.
        finish_reason: ``stop`` when the model ended by itself, ``length`` when it was cut off at
            the limit of tokens, ``error`` when this prompt could not be answered.
        tokens_in: Tokens of the prompt; 0 where the engine does not count.
        tokens_out: Tokens of the completion; 0 where the engine does not count.
        detail: Why, when the reason is ``error``.
    """

    prompt_id: str
    text: str
    finish_reason: FinishReason
    tokens_in: int = 0
    tokens_out: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How to start an engine and how it should draw tokens.

    Attributes:
        model: A folder or name of a model; for ``scripted``, a ``completions.jsonl``.
        base_url: Where an OpenAI-compatible server listens, such as ``http://localhost:8000/v1``.
        temperature: 0 takes the likeliest token each time; at most 2.
        top_p: Draw from the likeliest tokens that hold this share of probability; (0, 1].
        max_tokens: The longest completion, in tokens; at least 1.
        seed: The seed of the run; each request gets one of its own, derived from it.
        max_model_len: Longest prompt and completion together, in tokens; 0 for the model's own.
        max_num_seqs: Sequences that the engine computes at a time.
        max_num_batched_tokens: Tokens that the engine computes at a time.
        dtype: The type of the weights in memory, such as ``auto`` or ``float32``.
        reasoning_parser: The vLLM name of the model's reasoning format, such as ``qwen3``; with
            it the reasoning stays free and only the object after it is held to the schema.
        enforce_eager: Skip graph capture and compilation: a fast start, slower tokens.
        timeout_s: Seconds to wait for one answer of a server.
    """

    model: str
    base_url: str = ""
    temperature: float = 0.7
    top_p: float = 0.95
    max_tokens: int = 2048
    seed: int = 0
    max_model_len: int = 0
    max_num_seqs: int = 256
    max_num_batched_tokens: int = 16384
    dtype: str = "auto"
    reasoning_parser: str = ""
    enforce_eager: bool = False
    timeout_s: float = 600.0

    def __post_init__(self) -> None:
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if not low <= value <= high:
                raise UsageError(f"engine setting {name} is {value!r}; expected {low} to {high}")

    @property
    def sampling(self) -> str:
        """How tokens are drawn, as it stands in a row's provenance."""
        return f"temperature={self.temperature:g} top_p={self.top_p:g} max_tokens={self.max_tokens}"


_RANGES: tuple[tuple[str, float, float], ...] = (
    ("temperature", 0, 2),
    ("top_p", 1e-6, 1),
    ("max_tokens", 1, 1_000_000),
    ("max_model_len", 0, 100_000_000),
    ("max_num_seqs", 1, 65_536),
    ("max_num_batched_tokens", 1, 100_000_000),
    ("timeout_s", 0.001, 86_400),
)


@runtime_checkable
class Engine(Protocol):
    """Answers prompts. All coroutines run in one event loop, the feed's."""

    @property
    def model(self) -> str:
        """The model's name, as it stands in a row's provenance."""
        ...

    @property
    def sampling(self) -> str:
        """How tokens are drawn, as it stands in a row's provenance."""
        ...

    @property
    def capacity(self) -> int:
        """Prompts that should be in flight to keep the engine busy; at least 1."""
        ...

    async def start(self) -> None:
        """Load what has to be loaded.

        Raises:
            EngineError: If the engine cannot be started.
            MissingExtraError: If its package is not installed.
        """
        ...

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt; a prompt that cannot be answered gives ``finish_reason="error"``.

        Raises:
            EngineError: If the engine as a whole has stopped.
        """
        ...

    async def stop(self) -> None:
        """Give everything back. Called once, also when `start` failed."""
        ...


def load_engine(name: str, settings: EngineSettings) -> Engine:
    """Make an engine by its name; nothing heavy is loaded before it starts.

    Args:
        name: A key of `ENGINES`.
        settings: The model and the sampling.

    Raises:
        UsageError: If there is no such engine, or it needs a setting that is missing.

    Example:
        >>> load_engine("gpt", EngineSettings("m"))
        Traceback (most recent call last):
        ...
        kgsynth.errors.UsageError: unknown engine 'gpt'; known: scripted, vllm, openai
    """
    place = ENGINES.get(name)
    if place is None:
        raise UsageError(f"unknown engine {name!r}; known: {', '.join(ENGINES)}")
    module, _, attribute = place.partition(":")
    engine: Engine = getattr(importlib.import_module(module), attribute)(settings)
    return engine
