"""``kgsynth generate``: from a graph to a run folder with a dataset."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.errors import GoalError, UsageError
from kgsynth.light import collect_garbage_less_often, keep_pandas_out
from kgsynth.paths import MINERS
from kgsynth.questions import FORMS, OWN_FORMS
from kgsynth.runs import RunFolder, RunSettings

if TYPE_CHECKING:
    from kgsynth.graph.store import KnowledgeGraph

_MODEL_ENGINES = ("vllm", "openai", "scripted")


_EXAMPLES = """\b
Examples:
  kgsynth generate --hops 4
  kgsynth generate --hops 3 -n 200 --seed 7 --out outputs/three
  kgsynth generate --hops 4 -n 100 --engine vllm --model Qwen/Qwen3-8B
"""


@click.command("generate", epilog=_EXAMPLES)
@click.option(
    "--graph",
    "graph_folder",
    type=click.Path(path_type=Path),
    default=Path("outputs/graph"),
    show_default=True,
    help="The graph folder that `kgsynth build-graph` made.",
)
@click.option("--hops", type=int, help="Edges of the path, for chains: 2 to 5.")
@click.option(
    "--template",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file of spine templates of your own; `kgsynth templates suggest` prints such.",
)
@click.option("-n", "rows", type=int, default=1000, show_default=True, help="Accepted rows.")
@click.option(
    "--kind",
    type=click.Choice(tuple(MINERS)),
    default="chain",
    show_default=True,
    help="The kind of question.",
)
@click.option(
    "--form",
    type=click.Choice(("open", *FORMS)),
    default="open",
    show_default=True,
    help="How it is to be answered.",
)
@click.option(
    "--options",
    type=click.IntRange(2, 10),
    default=4,
    show_default=True,
    help="How many options a question of form choice has.",
)
@click.option(
    "--not-recorded/--no-not-recorded",
    default=True,
    show_default=True,
    help="Whether an option may be wrong because a record of ten findings or more is silent.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same bytes.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The run folder. [default: outputs/<kind>-hops<k>-seed<s>]",
)
@click.option(
    "--margin",
    type=click.IntRange(1, 3),
    help="Clues that every rival must fail in a step that ends at a disease. "
    "[default: 2; 1 for exclusion and list]",
)
@click.option(
    "--min-rarity",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Least rarity score of the rarest entity on a path.",
)
@click.option(
    "--engine",
    type=click.Choice(("template", *_MODEL_ENGINES)),
    default="template",
    show_default=True,
    help="Who writes: templates, or a model on an engine.",
)
@click.option("--model", default="", help="The model's folder or name, for a model engine.")
@click.option("--base-url", default="", help="Address of an OpenAI-compatible server.")
@click.option("--temperature", type=float, default=0.7, show_default=True, help="Of the model.")
@click.option("--max-tokens", type=int, default=2048, show_default=True, help="Of a completion.")
@click.option("--max-model-len", type=int, default=0, help="Of prompt and completion; 0: model's.")
@click.option("--max-num-seqs", type=int, default=256, show_default=True, help="At a time (vLLM).")
@click.option("--dtype", default="auto", show_default=True, help="Of the model's weights (vLLM).")
@click.option("--enforce-eager", is_flag=True, help="Start fast, run slower (vLLM).")
@click.option(
    "--max-retries", type=int, default=2, show_default=True, help="Attempts after the first."
)
@click.option(
    "--fallback",
    type=click.Choice(("template", "reject")),
    default="template",
    show_default=True,
    help="What becomes of a wording that no retry mends.",
)
@click.option("--processes", type=int, default=0, help="For wording and checking. [default: cores]")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-v", "--verbose", count=True, help="Say what is being done.")
def generate(**options: Any) -> None:
    """Generate proved multi-hop questions.

    Each question has one answer in the graph, needs every clue and every hop, and comes with a
    reasoning trace that cites a statement for every claim. Repeating a command continues its run.
    """
    from kgsynth.cli import set_verbosity

    set_verbosity(options["verbose"])
    _check_usage(options)
    started = time.monotonic()
    keep_pandas_out()
    collect_garbage_less_often()
    from kgsynth.graph.store import KnowledgeGraph

    graph = KnowledgeGraph.load(options["graph_folder"])
    run = _open(options, graph)
    if run.is_done:
        click.echo(f"{run.folder} is complete; nothing to do", err=True)
    else:
        _generate(graph, run, options, started)
    _report(run, as_json=options["as_json"])


def _check_usage(options: dict[str, Any]) -> None:
    if options["kind"] == "chain" and options["hops"] is None:
        raise UsageError("chains need --hops: the edges of the path, for example --hops 4")
    if options["kind"] != "chain":
        if options["hops"] not in (None, 1):
            raise UsageError(
                f"--hops {options['hops']}: questions of kind {options['kind']} have one hop"
            )
        options["hops"] = 1
    elif not 2 <= options["hops"] <= (most := 6 if options["template"] else 5):
        raise UsageError(
            f"--hops {options['hops']}: expected 2 to {most}, the far anchor's hop included"
        )
    if options["kind"] != "chain" and options["template"]:
        raise UsageError(f"--template holds chains; --kind {options['kind']} has none")
    own = OWN_FORMS.get(options["kind"])
    if own and options["form"] not in ("open", own):
        raise UsageError(f"--form {options['form']}: questions of kind {options['kind']} are {own}")
    options["form"] = own or options["form"]
    if options["rows"] < 1:
        raise UsageError(f"-n {options['rows']}: expected 1 row or more")
    if options["max_retries"] < 0:
        raise UsageError(f"--max-retries {options['max_retries']}: expected 0 or more")
    if options["engine"] in _MODEL_ENGINES and not options["model"]:
        raise UsageError(f"--engine {options['engine']} needs --model, a model's folder or name")
    if options["engine"] == "template" and options["model"]:
        raise UsageError("--model needs --engine vllm, openai or scripted")


def _open(options: dict[str, Any], graph: "KnowledgeGraph") -> RunFolder:
    from kgsynth.paths.spines import load_spines
    from kgsynth.records import default_margin
    from kgsynth.runs import open_run

    own = _own_templates(options["template"])
    if options["kind"] == "chain":
        load_spines(options["hops"], graph, own)
    model = options["engine"] in _MODEL_ENGINES
    settings = RunSettings(
        kind=options["kind"],
        form=options["form"],
        hops=options["hops"],
        n=options["rows"],
        seed=options["seed"],
        graph=graph.fingerprint,
        engine=options["engine"],
        model=options["model"],
        margin=options["margin"] or default_margin(options["kind"]),
        min_rarity=options["min_rarity"],
        sampling=_engine_settings(options).sampling if model else "",
        max_retries=options["max_retries"],
        fallback=options["fallback"],
        options=options["options"],
        not_recorded=options["not_recorded"],
        template=own,
    )
    form = "" if settings.form == "open" else f"-{settings.form}"
    name = f"{settings.kind}-hops{settings.hops}{form}-seed{settings.seed}"
    return open_run(options["out"] or Path("outputs") / name, settings)


def _own_templates(file: Path | None) -> str:
    """Return the text of a file of spine templates, read once to see that it is one."""
    from kgsynth.paths.spines import read_spines

    if file is None:
        return ""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise UsageError(f"{file}: no templates can be read from it: {reason}") from None
    read_spines(text, str(file))
    return text


def _engine_settings(options: dict[str, Any]) -> Any:
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


def _generate(
    graph: "KnowledgeGraph", run: RunFolder, options: dict[str, Any], started: float
) -> None:
    import os

    from kgsynth.finish import finish_run
    from kgsynth.pipeline import run_model, run_template
    from kgsynth.progress import progress_bar

    with progress_bar(f"generate {run.folder.name}", run.settings.n) as show:
        if run.settings.engine == "template":
            processes = options["processes"] or len(os.sched_getaffinity(0))
            counts = run_template(graph, run, processes, show)
        else:
            from kgsynth.engines.base import load_engine
            from kgsynth.ledger import Ledger

            engine = load_engine(run.settings.engine, _engine_settings(options))
            # A replay has the model and the sampling of what it replays.
            with Ledger(run.folder, model=engine.model, sampling=engine.sampling) as ledger:
                counts = run_model(graph, run, engine, ledger, show)
    finish_run(graph, run, counts, _command(run), time.monotonic() - started)


def _command(run: RunFolder) -> str:
    s = run.settings
    what = f"--hops {s.hops}" if s.kind == "chain" else f"--kind {s.kind}"
    form = "" if s.form == "open" else f" --form {s.form}"
    if s.form == "choice" and s.options != 4:
        form += f" --options {s.options}"
    if s.form != "open" and not s.not_recorded:
        form += " --no-not-recorded"
    return f"kgsynth generate {what}{form} -n {s.n} --seed {s.seed}"


def _report(run: RunFolder, *, as_json: bool) -> None:
    """Print what the run came to; exit code 1 where it fell short."""
    import json

    from kgsynth.progress import print_table

    record = run.record
    if as_json:
        click.echo(json.dumps(record | {"folder": str(run.folder)}, indent=1))
    else:
        counts: list[tuple[object, ...]] = [
            (stage, c["in"], c["out"], sum(c["rejected"].values()), _worst(c["rejected"]))
            for stage, c in record["counts"].items()
        ]
        print_table(
            f"{run.folder}: {record['rows']:,} rows in {record['timings_s']['total']:.1f} s",
            ("stage", "in", "out", "rejected", "most often because of"),
            counts,
        )
        if wording := record.get("wording"):
            click.echo(
                f"wording: {_all(wording['outcomes'])}; attempts: {_all(wording['wordings'])}"
            )
        splits = ", ".join(f"{name} {size:,}" for name, size in record["splits"].items())
        click.echo(f"splits: {splits}")
        click.echo(f"next: kgsynth show {run.folder}")
    if record["rows"] < run.settings.n:
        missing = run.settings.n - record["rows"]
        raise GoalError(
            f"{run.folder}: {missing:,} of {run.settings.n:,} rows are missing; every path was "
            "tried (the table says where they went); a smaller --margin or --min-rarity gives more"
        )


def _all(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counted.items())


def _worst(rejected: dict[str, int]) -> str:
    worst = sorted(rejected.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{code} {count:,}" for code, count in worst)
