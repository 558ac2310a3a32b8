"""The engine that says what it was told: for tests, and to replay a run from its folder.

Replay reads ``completions.jsonl``, which a run with any engine writes, and answers each prompt with
the completion recorded under its id; model and sampling are those of the recorded run.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from kgsynth.engines.base import Completion, EngineSettings, Prompt
from kgsynth.errors import EngineError

Script = Callable[[Prompt], Completion | str]


class ScriptedEngine:
    """Answers from a function or from a recording.

    Args:
        source: Settings whose `model` names a ``completions.jsonl``; or a function from a prompt
            to a completion, or to its text.
        model: The name to report; only with a function.
        sampling: The sampling to report; only with a function.
        capacity: Prompts in flight.

    Raises:
        EngineError: On `start`, if the recording cannot be read.

    Example:
        >>> import asyncio
        >>> engine = ScriptedEngine(lambda prompt: "yes")
        >>> asyncio.run(engine.complete(Prompt("p1", ()))).text
        'yes'
    """

    def __init__(
        self,
        source: EngineSettings | Script,
        *,
        model: str = "scripted",
        sampling: str = "",
        capacity: int = 32,
    ) -> None:
        self._settings = source if isinstance(source, EngineSettings) else None
        self._script: Script | None = None if isinstance(source, EngineSettings) else source
        self.model = model
        self.sampling = sampling
        self.capacity = capacity
        if self._settings is not None:
            self._load(Path(self._settings.model))

    async def start(self) -> None:
        """Nothing to load: a recording is read when the engine is made."""

    async def complete(self, prompt: Prompt) -> Completion:
        """Return what the script says."""
        if self._script is None:
            raise EngineError("the scripted engine has no script")
        said = self._script(prompt)
        if isinstance(said, Completion):
            return said
        return Completion(prompt.id, said, "stop", tokens_out=len(said.split()))

    async def stop(self) -> None:
        """Nothing to give back."""

    def _load(self, file: Path) -> None:
        recorded: dict[str, Completion] = {}
        for number, line in enumerate(_lines(file), start=1):
            entry = _entry(line, file, number)
            self.model = str(entry.pop("model"))
            self.sampling = str(entry.pop("sampling"))
            completion = _completion(entry, file, number)
            recorded[completion.prompt_id] = completion
        self._script = _replay(recorded, file)


def _replay(recorded: Mapping[str, Completion], file: Path) -> Script:
    def answer(prompt: Prompt) -> Completion:
        found = recorded.get(prompt.id)
        if found is not None:
            return found
        return Completion(
            prompt.id, "", "error", detail=f"{file} holds no completion of {prompt.id}"
        )

    return answer


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(
            f"{file}: cannot read recorded completions ({error}); expected the completions.jsonl "
            "of a run folder, give it with --model"
        ) from error
    # What follows the last line end is the beginning of a line that a killed run never finished.
    return text.split("\n")[:-1]


def _entry(line: str, file: Path, number: int) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if (
        not isinstance(entry, dict)
        or not {"prompt_id", "text", "model", "sampling"} <= entry.keys()
    ):
        raise EngineError(
            f"{file}:{number}: expected a recorded completion with prompt_id, text, model and "
            "sampling; give the completions.jsonl of a run folder"
        )
    return entry


def _completion(entry: dict[str, object], file: Path, number: int) -> Completion:
    fields = {key: entry[key] for key in Completion.__slots__ if key in entry}
    try:
        return Completion(**fields)  # type: ignore[arg-type]
    except TypeError as error:
        raise EngineError(f"{file}:{number}: no recorded completion: {error}") from error
