"""``kgsynth export RUN --to FORMAT``: a run in a trainer's own format."""

import json
from pathlib import Path

import click

from kgsynth.cli import set_verbosity

_EPILOG = """\b
Examples:
  kgsynth export outputs/chain-hops4-seed0 --to trl-sft
  kgsynth export outputs/chain-hops4-seed0 --to trl-grpo --out data/grpo --json
  kgsynth export outputs/chain-hops4-seed0 --to trl-sft --order curriculum
"""


@click.command(epilog=_EPILOG)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--to", "name", required=True, metavar="FORMAT", help="trl-sft or trl-grpo.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to.  [default: RUN/FORMAT]",
)
@click.option(
    "--order",
    type=click.Choice(("run", "curriculum", "hard-first")),
    default="run",
    show_default=True,
    help="Within a split: as made, easiest first, or hardest first.",
)
@click.option("--json", "as_json", is_flag=True, help="Print folder and counts as JSON.")
@click.option("-v", "--verbose", count=True, help="Show log lines; twice for more.")
def export(run: Path, name: str, out: Path | None, order: str, as_json: bool, verbose: int) -> None:
    """Write a run in a trainer's format: one JSON Lines file a split, and a README.

    RUN is a run folder, its dataset folder, or a .jsonl file of rows. `trl-sft` holds messages with
    the reasoning apart; `trl-grpo` holds prompts and what
    `kgsynth.datasets.rewards.answer_reward` needs. A curriculum goes by the difficulty score;
    trainers that shuffle must be told not to.
    """
    # Imported here, so that `--help` loads nothing.
    from kgsynth.datasets.formats import export_run

    set_verbosity(verbose)
    folder, counts = export_run(run, name, out, order)
    if as_json:
        click.echo(
            json.dumps({"format": name, "order": order, "folder": str(folder), "examples": counts})
        )
        return
    splits = ", ".join(f"{split} {count:,}" for split, count in counts.items())
    click.echo(f"{folder}: {sum(counts.values()):,} examples ({splits})")
