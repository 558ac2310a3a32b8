"""Trainers' formats: each row becomes one flat example of a record that is declared here.

To add a format, write a record, a function from `Row` to it, and one line in `FORMATS`.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from kgsynth.datasets.card import front_matter
from kgsynth.datasets.features import features_of, to_yaml
from kgsynth.datasets.files import content_hash, read_rows, split_files, write_bytes
from kgsynth.errors import RunError, UsageError
from kgsynth.records import Row


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A turn whose reasoning is kept apart from what is said; "" where there is none."""

    role: str
    content: str
    reasoning_content: str


@dataclass(frozen=True, slots=True)
class SftExample:
    """A conversation to imitate, whole and as prompt and completion."""

    id: str
    messages: tuple[Reply, ...]
    prompt: tuple[Message, ...]
    completion: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class GrpoExample:
    """A prompt to answer, and what the reward needs to judge the answer."""

    id: str
    prompt: tuple[Message, ...]
    answer: str
    aliases: tuple[str, ...]
    answer_key: str
    members: tuple[tuple[str, ...], ...]
    category: str
    hops: int
    difficulty: float


def to_sft(row: Row) -> SftExample:
    """Return a row as a conversation: the prompt, the reasoning apart, the answer."""
    reply = Reply("assistant", row.final, reasoning_of(row))
    return SftExample(
        id=row.id,
        messages=(Reply("user", row.prompt, ""), reply),
        prompt=(Message("user", row.prompt),),
        completion=(reply,),
    )


def to_grpo(row: Row) -> GrpoExample:
    """Return a row as a prompt with the columns that `rewards.answer_reward` asks for."""
    target = next(one for one in row.query.variables if one.name == row.query.target)
    return GrpoExample(
        id=row.id,
        prompt=(Message("user", row.prompt),),
        answer=row.answer,
        aliases=aliases_of(row),
        answer_key=row.answer_key,
        members=members_of(row),
        category=target.category,
        hops=row.hops,
        difficulty=row.difficulty.score,
    )


def reasoning_of(row: Row) -> str:
    """Return the reasoning without the closing line that gives the answer."""
    lines = row.reasoning.rstrip().split("\n")
    if len(lines) > 1 and lines[-1].lower() in (
        f"answer: {row.final}".lower(),
        row.final.lower(),
    ):
        lines.pop()
    return "\n".join(lines)


def aliases_of(row: Row) -> tuple[str, ...]:
    """Return every other name of the answer that a question accepts, without repeats.

    Yes-or-no questions have none: there the recorded names are not what is asked for. Of a list
    question see `members_of`: one name of several is not the answer.
    """
    if row.form == "yes_no" or len(row.answers) != 1:
        return ()
    names = (row.answers[0].name, *row.answers[0].aliases)
    return tuple(dict.fromkeys(name for name in names if name != row.answer))


def members_of(row: Row) -> tuple[tuple[str, ...], ...]:
    """Return the names of each answer of a list question; empty where one answer is asked for."""
    if row.kind != "list" or row.form != "open":
        return ()
    return tuple(tuple(dict.fromkeys((one.name, *one.aliases))) for one in row.answers)


@dataclass(frozen=True, slots=True)
class Format:
    """A trainer's format.

    Attributes:
        title: What it is for.
        record: The type of an example; its fields are the columns.
        convert: Makes an example from a row.
        usage: Python that trains from it, with ``{folder}`` for the export's folder.
    """

    title: str
    record: type
    convert: Callable[[Row], Any]
    usage: str


_SFT_USAGE = """\
from datasets import load_dataset
from trl import SFTTrainer

data = load_dataset("{folder}")
SFTTrainer(model="Qwen/Qwen3-0.6B", train_dataset=data["train"]).train()
"""

_GRPO_USAGE = """\
from datasets import load_dataset
from kgsynth.datasets.rewards import answer_reward, format_reward
from trl import GRPOTrainer

data = load_dataset("{folder}")
GRPOTrainer(
    model="Qwen/Qwen3-0.6B",
    reward_funcs=[answer_reward, format_reward],
    train_dataset=data["train"],
).train()
"""

#: Every format by the name that ``--to`` takes.
FORMATS: dict[str, Format] = {
    "trl-sft": Format("supervised fine-tuning with TRL", SftExample, to_sft, _SFT_USAGE),
    "trl-grpo": Format("reinforcement learning with TRL", GrpoExample, to_grpo, _GRPO_USAGE),
}


def format_named(name: str) -> Format:
    """Return a format.

    Raises:
        UsageError: If there is none of that name; the message names the nearest and all.
    """
    if name in FORMATS:
        return FORMATS[name]
    near = difflib.get_close_matches(name, FORMATS, 1, cutoff=0.3)
    hint = f"; did you mean {near[0]!r}?" if near else ";"
    raise UsageError(f"unknown format {name!r}{hint} known: {', '.join(FORMATS)}")


#: How the examples of a split may be ordered: as they were made, easiest or hardest first.
ORDERS = ("run", "curriculum", "hard-first")


def export_run(
    run: Path, name: str, out: Path | None = None, order: str = "run"
) -> tuple[Path, dict[str, int]]:
    """Write a run in a trainer's format: one JSON Lines file a split, and a README.

    Args:
        run: A run folder, its dataset folder, or a JSON Lines file of rows.
        name: A key of `FORMATS`.
        out: Where to; None for a folder of the format's name beside the dataset.
        order: One of `ORDERS`; equally hard ones go by their ids.

    Returns:
        The folder, and how many examples each split has.

    Raises:
        UsageError: If the format or the order is not known.
        RunError: If there is no dataset, a line is no row, or the target is the dataset itself.
    """
    chosen = format_named(name)
    if order not in ORDERS:
        raise UsageError(f"unknown order {order!r}; known: {', '.join(ORDERS)}")
    files = split_files(run)
    source = next(iter(files.values())).parent
    out = out or (run if run.is_dir() and source != run else source.parent) / name
    if out.resolve() == source.resolve():
        raise RunError(f"{out}: is the dataset itself; choose another folder with --out")
    counts = {
        split: write_bytes(out / f"{split}.jsonl", _examples(chosen, file, order))
        for split, file in files.items()
    }
    write_bytes(out / "README.md", [_readme(name, chosen, out, counts).encode()])
    return out, counts


def _examples(chosen: Format, file: Path, order: str) -> Iterator[bytes]:
    """Yield a file's rows as lines of the format, in an order."""
    adapter: TypeAdapter[Any] = TypeAdapter(chosen.record)
    made: Iterable[tuple[float, str, bytes]] = (
        (row.difficulty.score, row.id, adapter.dump_json(chosen.convert(row)) + b"\n")
        for row in read_rows(file)
    )
    if order != "run":
        sign = 1 if order == "curriculum" else -1
        made = sorted(made, key=lambda one: (sign * one[0], one[1]))
    for _, _, line in made:
        yield line


def _readme(name: str, chosen: Format, out: Path, counts: dict[str, int]) -> str:
    """Return the card of an export: features, counts, and how to train from it."""
    content = content_hash(out / f"{split}.jsonl" for split in counts)
    metadata = front_matter(f"{out.parent.name} as {name}", counts, chosen.record, content)
    columns = ", ".join(f"`{feature['name']}`" for feature in features_of(chosen.record))
    splits = ", ".join(f"{split} {count:,}" for split, count in counts.items())
    return (
        f"---\n{to_yaml(metadata)}---\n\n# {out.parent.name} as {name}\n\n"
        f"For {chosen.title}; written by `kgsynth export`. Examples: {splits}.\n\n"
        f"Columns: {columns}.\n\n```python\n{chosen.usage.format(folder=out)}```\n\n"
        "Sources, licenses and limits are those of the dataset it was made from: see\n"
        "`dataset/README.md` of the run.\n"
    )
