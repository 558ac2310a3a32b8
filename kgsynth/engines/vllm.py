"""vLLM in this program: prompts go into its continuous batches as they come.

The engine's core computes in a process of its own, so checks on the CPU never hold it up. Prompts
are tokenised here, with the model's chat template; all begin alike, and the engine keeps what they
share (prefix caching). Where the model's reasoning format is named (`reasoning_parser`), the
reasoning stays free and only the object after it is held to the schema.
"""

import importlib.util
import logging
import os
import signal
from typing import TYPE_CHECKING

from kgsynth.engines.base import Completion, EngineSettings, FinishReason, Prompt
from kgsynth.engines.model_folder import check_model
from kgsynth.engines.watchdog import Watchdog
from kgsynth.errors import EngineError, KgsynthError, MissingExtraError, UsageError
from kgsynth.seeding import derive_seed

if TYPE_CHECKING:
    from vllm import SamplingParams
    from vllm.engine.arg_utils import AsyncEngineArgs
    from vllm.v1.engine.async_llm import AsyncLLM

_LOG = logging.getLogger(__name__)

#: Prompts in flight for each sequence that is computed: enough that a free place never waits.
_AHEAD = 1.75

_REASONS: dict[str | None, FinishReason] = {"stop": "stop", "length": "length"}


class VllmEngine:
    """Serves a model of Hugging Face format with vLLM.

    Args:
        settings: The model and the sampling.

    Raises:
        UsageError: If no model is named.
        MissingExtraError: On `start`, if vLLM is not installed.
        EngineError: On `start`, if the model cannot be loaded; later, if the engine died.
    """

    def __init__(self, settings: EngineSettings) -> None:
        if not settings.model:
            raise UsageError("the engine 'vllm' needs a model; give a folder or name with --model")
        self._settings = settings
        self._llm: AsyncLLM | None = None
        self._watchdog: Watchdog | None = None
        self.model = settings.model
        self.sampling = settings.sampling
        self.capacity = max(2, int(_AHEAD * settings.max_num_seqs))

    @property
    def processes(self) -> list[int]:
        """The ids of the engine's own processes; none before it started."""
        if self._llm is None:
            return []
        manager = getattr(self._llm.engine_core.resources, "engine_manager", None)
        return [process.pid for process in getattr(manager, "processes", [])]

    async def start(self) -> None:
        """Load the model; from seconds for a tiny one to minutes."""
        if importlib.util.find_spec("vllm") is None:
            raise MissingExtraError(
                "vllm is not installed; `pip install kgsynth[vllm]`, or use --engine template"
            )
        check_model(self._settings.model)
        # Nothing leaves this machine unasked, and logs do not hide the one line that matters.
        os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
        os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
        # The core inherits this thread's mask: Ctrl-C is for this program, which then drains.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._llm = _load(self._settings)
            self._watchdog = Watchdog(self.processes)
        except KgsynthError:
            raise
        except Exception as error:
            raise EngineError(
                f"vllm cannot load {self._settings.model!r}: {_one_line(error)}; expected a model "
                "that vllm supports and memory for it; correct --model, or see the log above"
            ) from error

    async def complete(self, prompt: Prompt) -> Completion:
        """Generate one completion under a seed of its own."""
        if self._llm is None:
            raise EngineError("the engine 'vllm' was not started")
        from vllm.exceptions import VLLMError
        from vllm.inputs import TokensPrompt
        from vllm.v1.engine.exceptions import EngineDeadError

        try:
            tokens = self._tokens(prompt)
            stream = self._llm.generate(
                TokensPrompt(prompt_token_ids=tokens), self._sampling(prompt), prompt.id
            )
            outputs = [output async for output in stream]
        except EngineDeadError as error:
            raise EngineError(
                "vllm stopped: its engine process died, often for want of memory; what was "
                "completed is kept, repeat the command to continue"
            ) from error
        except (VLLMError, ValueError, TypeError) as error:
            # What is left concerns this prompt: too long, or a schema that it cannot compile.
            return Completion(prompt.id, "", "error", detail=_one_line(error))
        said = outputs[-1].outputs[0]
        reason = _REASONS.get(said.finish_reason, "error")
        detail = "" if reason != "error" else f"vllm ended it: {said.finish_reason}"
        return Completion(prompt.id, said.text, reason, len(tokens), len(said.token_ids), detail)

    async def stop(self) -> None:
        """End the engine's process and free its memory."""
        if self._llm is not None:
            self._llm.shutdown()
            # Its destructor would call this once more, when the interpreter is half gone.
            self._llm.shutdown = _nothing
        if self._watchdog is not None:
            self._watchdog.close()
        self._llm = self._watchdog = None

    def _tokens(self, prompt: Prompt) -> list[int]:
        if self._llm is None:
            raise EngineError("the engine 'vllm' was not started")
        tokenizer = self._llm.get_tokenizer()
        turns = [{"role": message.role, "content": message.content} for message in prompt.messages]
        return list(
            tokenizer.apply_chat_template(
                turns,
                add_generation_prompt=True,
                tokenize=True,
                return_dict=False,
                enable_thinking=bool(self._settings.reasoning_parser),
            )
        )

    def _sampling(self, prompt: Prompt) -> "SamplingParams":
        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind, StructuredOutputsParams

        settings = self._settings
        held = StructuredOutputsParams(json=prompt.schema) if prompt.schema else None
        return SamplingParams(
            temperature=settings.temperature,
            top_p=settings.top_p,
            max_tokens=settings.max_tokens,
            seed=derive_seed(settings.seed, "engine", prompt.id) % 2**31,
            structured_outputs=held,
            output_kind=RequestOutputKind.FINAL_ONLY,
        )


def _nothing() -> None:
    """Do nothing."""


def _load(settings: EngineSettings) -> "AsyncLLM":
    from vllm.usage.usage_lib import UsageContext
    from vllm.v1.engine.async_llm import AsyncLLM

    # Without the context vLLM falls back to a server's small batches.
    llm = AsyncLLM.from_engine_args(_arguments(settings), usage_context=UsageContext.LLM_CLASS)
    if getattr(llm.get_tokenizer(), "chat_template", None) is None:
        llm.shutdown()
        raise EngineError(
            f"the model {settings.model!r} has no chat template; expected an instruction-tuned "
            "model; choose another with --model"
        )
    return llm


def _arguments(settings: EngineSettings) -> "AsyncEngineArgs":
    from vllm.engine.arg_utils import AsyncEngineArgs

    return AsyncEngineArgs(
        model=settings.model,
        dtype=settings.dtype,
        seed=settings.seed % 2**31,
        max_model_len=settings.max_model_len or None,
        max_num_seqs=settings.max_num_seqs,
        max_num_batched_tokens=settings.max_num_batched_tokens,
        enforce_eager=settings.enforce_eager,
        enable_prefix_caching=True,
        disable_log_stats=True,
        structured_outputs_config={
            "backend": "xgrammar",
            # Small models loop on white space where a grammar lets them.
            "disable_any_whitespace": True,
            "reasoning_parser": settings.reasoning_parser,
        },
    )


def _one_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = " ".join(lines[:3]) or type(error).__name__
    return text if len(text) <= 300 else f"{text[:300]}…"
