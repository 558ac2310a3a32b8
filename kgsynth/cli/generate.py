"""``kgsynth generate``: from a graph to a run folder with a dataset."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.cli.generate_options import (
    MODEL_ENGINES,
    check_usage,
    engine_settings,
    generate_options,
    own_templates,
)
from kgsynth.cli.generate_summary import command_of, print_summary
from kgsynth.light import collect_garbage_less_often, keep_pandas_out
from kgsynth.runs import RunFolder, RunSettings

if TYPE_CHECKING:
    from kgsynth.graph.store import KnowledgeGraph

_EXAMPLES = """\b
Examples:
  kgsynth generate --hops 4
  kgsynth generate --hops 3 -n 200 --seed 7 --out outputs/three
  kgsynth generate --hops 4 -n 100 --engine vllm --model Qwen/Qwen3-8B
"""


@click.command("generate", epilog=_EXAMPLES)
@generate_options
def generate(**options: Any) -> None:
    """Generate proved multi-hop questions.

    Each question has one answer in the graph, needs every clue and every hop, and comes with a
    reasoning trace that cites a statement for every claim. Repeating a command continues its run.
    """
    from kgsynth.cli import set_verbosity

    set_verbosity(options["verbose"])
    started = time.monotonic()
    keep_pandas_out()
    check_usage(options)
    collect_garbage_less_often()
    from kgsynth.graph.store import KnowledgeGraph
    from kgsynth.paths import ahead

    if options["kind"] == "chain" and not options["mix"]:
        ahead.start()
    graph = KnowledgeGraph.load(options["graph_folder"])
    run = _open(options, graph)
    if run.is_done:
        click.echo(f"{run.folder} is complete; nothing to do", err=True)
    else:
        _generate(graph, run, options, started)
    print_summary(run, as_json=options["as_json"])


def _open(options: dict[str, Any], graph: "KnowledgeGraph") -> RunFolder:
    from kgsynth.capacity import check_capacity
    from kgsynth.parts import folder_name
    from kgsynth.quotas import parse_quotas
    from kgsynth.records import default_margin
    from kgsynth.runs import open_run

    own = own_templates(options["template"], graph)
    model = options["engine"] in MODEL_ENGINES
    margin = 0 if options["mix"] else default_margin(options["kind"])
    settings = RunSettings(
        kind=options["kind"],
        form=options["form"],
        hops=options["hops"],
        n=options["rows"],
        seed=options["seed"],
        graph=graph.fingerprint,
        engine=options["engine"],
        model=options["model"],
        margin=options["margin"] or margin,
        min_rarity=options["min_rarity"],
        sampling=engine_settings(options).sampling if model else "",
        max_retries=options["max_retries"],
        fallback=options["fallback"],
        options=options["options"],
        not_recorded=options["not_recorded"],
        template=own,
        mix=options["mix"],
        rare_only=options["rare_only"],
        miner=options["miner"],
        quota=tuple(quota.text for quota in parse_quotas(options["quota"], options["rows"], graph)),
        register=options["register"],
        difficulty=options["difficulty"],
        max_overlap=options["max_overlap"],
        max_alike=options["max_alike"],
        max_share=options["max_share"],
    )
    folder = options["out"] or Path("outputs") / folder_name(settings)
    if not (folder / "run.json").exists():  # of a run that goes on it was found out at its start
        check_capacity(settings, graph)
    return open_run(folder, settings)


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

            engine = load_engine(run.settings.engine, engine_settings(options))
            # A replay has the model and the sampling of what it replays.
            with Ledger(run.folder, model=engine.model, sampling=engine.sampling) as ledger:
                counts = run_model(graph, run, engine, ledger, show)
    finish_run(graph, run, counts, command_of(run), time.monotonic() - started)
