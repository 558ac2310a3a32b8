"""The options of ``kgsynth generate``, in groups, and what of them does not go together."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kgsynth.errors import UsageError
from kgsynth.paths import CHAIN_MINERS, MINERS
from kgsynth.questions import FORMS, MIXED, OWN_FORMS, REGISTERS, own_form

if TYPE_CHECKING:
    from kgsynth.graph.store import KnowledgeGraph

Command = TypeVar("Command", bound=Callable[..., Any])

MODEL_ENGINES = ("vllm", "openai", "scripted")

#: What is asked for.
_ASKED = (
    click.option(
        "--graph",
        "graph_folder",
        type=click.Path(path_type=Path),
        default=Path("outputs/graph"),
        show_default=True,
        help="The graph folder that `kgsynth build-graph` made.",
    ),
    click.option("--hops", type=int, help="Edges of the path, for chains: 1 to 6."),
    click.option(
        "--template",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A file of spine templates of your own; `kgsynth templates suggest` prints such.",
    ),
    click.option("-n", "rows", type=int, default=1000, show_default=True, help="Accepted rows."),
    click.option(
        "--kind",
        type=click.Choice(tuple(MINERS)),
        default="chain",
        show_default=True,
        help="The kind of question.",
    ),
    click.option(
        "--mix",
        default="",
        help="Several kinds in one run with their shares: chain@4=0.5,differential=0.2,"
        "list=0.3; a form stands behind a colon, as in chain@3:choice.",
    ),
    click.option(
        "--form",
        type=click.Choice(("open", *FORMS)),
        default="open",
        show_default=True,
        help="How it is to be answered.",
    ),
    click.option(
        "--options",
        type=click.IntRange(2, 10),
        default=4,
        show_default=True,
        help="How many options a question of form choice has.",
    ),
    click.option(
        "--register",
        type=click.Choice((*REGISTERS, MIXED)),
        default=REGISTERS[0],
        show_default=True,
        help="Who speaks in the questions; mixed: one of them for each question.",
    ),
    click.option(
        "--not-recorded/--no-not-recorded",
        default=True,
        show_default=True,
        help="Whether an option may be wrong because a record of ten findings or more is silent.",
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bytes."),
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        help="The run folder. [default: outputs/<kind>-hops<k>-seed<s>]",
    ),
    click.option(
        "--margin",
        type=click.IntRange(1, 3),
        help="Clues that every rival must fail in a step that ends at a disease. "
        "[default: 2; 1 for exclusion and list]",
    ),
    click.option(
        "--miner",
        type=click.Choice(tuple(CHAIN_MINERS)),
        default="spread",
        show_default=True,
        help="Of chains: spread them over entities at exactly --hops, or find the longest chain "
        "around each rare disease, of --hops at most.",
    ),
    click.option(
        "--rare-only",
        is_flag=True,
        help="Only questions with a disease that a source calls rare: by Orphanet's prevalence, "
        "or by one of Mondo's lists.",
    ),
    click.option(
        "--quota",
        multiple=True,
        help="At least so many rows: specialty=neurology:30%, predicate=has_mode_of_inheritance:50,"
        " category=Gene:0.2 (of the answer). May be given several times.",
    ),
    click.option(
        "--min-rarity",
        type=click.FloatRange(0, 1),
        default=0.5,
        show_default=True,
        help="Least rarity score of the rarest entity on a path.",
    ),
)

#: How hard the questions are, and how unlike each other.
_CHOSEN = (
    click.option(
        "--difficulty",
        default="",
        metavar="RANGE",
        help="Only questions whose difficulty score lies in a range: 0.6..0.9, ..0.4, 0.7..",
    ),
    click.option(
        "--max-overlap",
        type=click.FloatRange(0, 1, min_open=True),
        default=0.7,
        show_default=True,
        help="Two questions share less than this of the facts that they rest on; 1: not all.",
    ),
    click.option(
        "--max-alike",
        type=click.FloatRange(0, 1, min_open=True),
        default=0.85,
        show_default=True,
        help="Two stems share less than this of their words; 1: not all.",
    ),
    click.option(
        "--max-share",
        type=click.FloatRange(0, 1),
        default=0.01,
        show_default=True,
        help="Of all questions so many have one answer or begin with one disease, or four.",
    ),
)

#: Who writes, and how.
_WRITER = (
    click.option(
        "--engine",
        type=click.Choice(("template", *MODEL_ENGINES)),
        default="template",
        show_default=True,
        help="Who writes: templates, or a model on an engine.",
    ),
    click.option("--model", default="", help="The model's folder or name, for a model engine."),
    click.option("--base-url", default="", help="Address of an OpenAI-compatible server."),
    click.option("--temperature", type=float, default=0.7, show_default=True, help="Of the model."),
    click.option(
        "--max-tokens", type=int, default=2048, show_default=True, help="Of a completion."
    ),
    click.option(
        "--max-model-len", type=int, default=0, help="Of prompt and completion; 0: model's."
    ),
    click.option(
        "--max-num-seqs", type=int, default=256, show_default=True, help="At a time (vLLM)."
    ),
    click.option(
        "--dtype", default="auto", show_default=True, help="Of the model's weights (vLLM)."
    ),
    click.option("--enforce-eager", is_flag=True, help="Start fast, run slower (vLLM)."),
    click.option(
        "--max-retries", type=int, default=2, show_default=True, help="Attempts after the first."
    ),
    click.option(
        "--fallback",
        type=click.Choice(("template", "reject")),
        default="template",
        show_default=True,
        help="What becomes of a wording that no retry mends.",
    ),
)

#: How the command runs and what it prints.
_REST = (
    click.option(
        "--processes", type=int, default=0, help="For wording and checking. [default: cores]"
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
    click.option("-v", "--verbose", count=True, help="Say what is being done."),
)


def generate_options(command: Command) -> Command:
    """Give a command all options of ``generate``, in the order of its help."""
    for option in reversed((*_ASKED, *_CHOSEN, *_WRITER, *_REST)):
        command = option(command)
    return command


def check_usage(options: dict[str, Any]) -> None:
    """Refuse what does not go together, and fill in the hops and the form of a kind.

    Raises:
        UsageError: If so.
    """
    if options["miner"] == "longest":
        _check_longest(options)
    if options["mix"]:
        _check_mix(options)
    else:
        _check_kind(options)
    if options["difficulty"]:
        from kgsynth.questions.difficulty_range import parse_range

        options["difficulty"] = str(parse_range(options["difficulty"]))
    if options["rows"] < 1:
        raise UsageError(f"-n {options['rows']}: expected 1 row or more")
    if options["max_retries"] < 0:
        raise UsageError(f"--max-retries {options['max_retries']}: expected 0 or more")
    if options["engine"] in MODEL_ENGINES and not options["model"]:
        raise UsageError(f"--engine {options['engine']} needs --model, a model's folder or name")
    if options["engine"] == "template" and options["model"]:
        raise UsageError("--model needs --engine vllm, openai or scripted")


def _check_kind(options: dict[str, Any]) -> None:
    if options["kind"] == "chain" and options["hops"] is None:
        raise UsageError("chains need --hops: the edges of the path, for example --hops 4")
    if options["kind"] != "chain":
        if options["hops"] not in (None, 1):
            raise UsageError(
                f"--hops {options['hops']}: questions of kind {options['kind']} have one hop"
            )
        options["hops"] = 1
    elif not 1 <= options["hops"] <= 6:
        raise UsageError(
            f"--hops {options['hops']}: expected 1 to 6, the far anchor's hop included"
        )
    if options["kind"] != "chain" and options["template"]:
        raise UsageError(f"--template holds chains; --kind {options['kind']} has none")
    own = OWN_FORMS.get(options["kind"])
    if own and options["form"] not in ("open", own):
        raise UsageError(f"--form {options['form']}: {own_form(options['kind'])}")
    options["form"] = own or options["form"]


def _check_longest(options: dict[str, Any]) -> None:
    """Fill in the most hops."""
    if options["kind"] != "chain":
        raise UsageError(f"--miner longest finds chains; --kind {options['kind']} has none")
    options["hops"] = 6 if options["hops"] is None else options["hops"]
    if options["hops"] < 2:
        raise UsageError(f"--hops {options['hops']}: --miner longest expects 2 to 6 at most")


def _check_mix(options: dict[str, Any]) -> None:
    """Hold each entry to what is true of its kind, and write the mix down plainly."""
    from kgsynth.parts import MIX, mix_text, parse_mix

    if options["kind"] != "chain":
        raise UsageError(f"--mix names the kinds; leave out --kind {options['kind']}")
    shares = parse_mix(options["mix"], options["hops"], options["form"])
    chains = any(one.kind == "chain" for one in shares)
    for one in shares:
        template = options["template"] if one.kind == "chain" or not chains else None
        own = {"kind": one.kind, "hops": one.hops, "form": one.form, "template": template}
        _check_kind(own)
    options.update(mix=mix_text(shares), kind=MIX, hops=0, form=MIX)


def own_templates(file: Path | None, graph: "KnowledgeGraph") -> str:
    """Return the text of a file of spine templates, once it is clear that a graph can walk them."""
    from kgsynth.paths.spines import check_templates

    if file is None:
        return ""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise UsageError(f"{file}: no templates can be read from it: {reason}") from None
    check_templates(text, str(file), graph)
    return text


def engine_settings(options: dict[str, Any]) -> Any:
    """Return what an engine is started with."""
    from kgsynth.engines.base import EngineSettings

    return EngineSettings(
        model=options["model"],
        base_url=options["base_url"],
        temperature=options["temperature"],
        max_tokens=options["max_tokens"],
        seed=options["seed"],
        max_model_len=options["max_model_len"],
        max_num_seqs=options["max_num_seqs"],
        dtype=options["dtype"],
        enforce_eager=options["enforce_eager"],
    )
