"""What ``kgsynth generate`` prints at its end, and the command that makes a run again."""

import json

import click

from kgsynth.errors import GoalError
from kgsynth.runs import RunFolder


def command_of(run: RunFolder) -> str:
    """Return the command that makes a run again."""
    s = run.settings
    what = f"--hops {s.hops}" if s.kind == "chain" else f"--kind {s.kind}"
    form = "" if s.form == "open" else f" --form {s.form}"
    if s.form == "choice" and s.options != 4:
        form += f" --options {s.options}"
    if s.form != "open" and not s.not_recorded:
        form += " --no-not-recorded"
    return f"kgsynth generate {what}{form} -n {s.n} --seed {s.seed}"


def print_summary(run: RunFolder, *, as_json: bool) -> None:
    """Print what the run came to.

    Raises:
        GoalError: If it fell short.
    """
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
