"""What ``kgsynth generate`` prints at its end, and the command that makes a run again."""

import json
from typing import Any

import click

from kgsynth.errors import GoalError
from kgsynth.questions import OWN_FORMS
from kgsynth.records import default_margin
from kgsynth.runs import RunFolder, RunSettings

#: Kinds whose questions have no margin: what they ask of is recorded or denied, or lies apart.
_NO_MARGIN = frozenset({"dual", "comparison"})


def command_of(run: RunFolder) -> str:
    """Return the command that makes a run again."""
    s = run.settings
    if s.mix:
        what = f"--mix {s.mix}"
    else:
        what = f"--hops {s.hops}" if s.kind == "chain" else f"--kind {s.kind}"
        what += "" if s.form == "open" or s.kind in OWN_FORMS else f" --form {s.form}"
    return f"kgsynth generate {what}{_more(s)} -n {s.n} --seed {s.seed}"


def _more(s: RunSettings) -> str:
    """Return the options that are not as they would be by themselves."""
    chosen = {
        "--miner": s.miner if s.miner != "spread" else "",
        "--options": s.options if s.options != 4 else "",
        "--margin": s.margin if s.margin != (0 if s.mix else default_margin(s.kind)) else "",
        "--min-rarity": f"{s.min_rarity:g}" if s.min_rarity != 0.5 else "",
        "--register": s.register if s.register != "clinician" else "",
        "--difficulty": s.difficulty,
        "--max-overlap": f"{s.max_overlap:g}" if s.max_overlap != 0.7 else "",
        "--max-alike": f"{s.max_alike:g}" if s.max_alike != 0.85 else "",
        "--max-share": f"{s.max_share:g}" if s.max_share != 0.01 else "",
        "--template": "FILE" if s.template else "",
        "--engine": s.engine if s.engine != "template" else "",
        "--model": s.model,
    }
    text = "".join(f" {option} {value}" for option, value in chosen.items() if value)
    text += "".join(f" --quota {quota}" for quota in s.quota)
    text += " --rare-only" if s.rare_only else ""
    return text + ("" if s.not_recorded else " --no-not-recorded")


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
        if len(record.get("parts", ())) > 1:
            parts: list[tuple[object, ...]] = [
                (one["part"], f"{one['asked']:,}", f"{one['rows']:,}") for one in record["parts"]
            ]
            print_table("parts", ("what", "asked", "rows"), parts)
        splits = ", ".join(f"{name} {size:,}" for name, size in record["splits"].items())
        click.echo(f"splits: {splits}")
        _print_coverage(record.get("coverage", {}))
        if record["rows"]:
            click.echo(f"next: kgsynth show {run.folder}")
    if record["rows"] < run.settings.n:
        raise GoalError(_shortfall(run))
    if unmet := _unmet(record):
        raise GoalError(f"{run.folder}: {unmet}")


def _print_coverage(cover: dict[str, Any]) -> None:
    if cover.get("rows"):
        (asked, known), (rare, _) = cover["diseases"], cover["rare"]
        branches = sum(one["rows"] > 0 for one in cover["specialties"])
        click.echo(
            f"covers: {asked:,} of {known:,} diseases ({rare:,} called rare), {branches} of "
            f"{len(cover['specialties'])} specialties"
        )


def _unmet(record: dict[str, Any]) -> str:
    """Say which quotas are not met."""
    quotas = record.get("coverage", {}).get("quotas", ())
    return ", ".join(
        f"--quota {one['quota']} has {one['rows']:,} of {one['asked']:,} rows"
        for one in quotas
        if one["rows"] < one["asked"]
    )


def _shortfall(run: RunFolder) -> str:
    """Say how many rows are missing, of what, and how much there was to try."""
    record = run.record
    short = [one for one in record.get("parts", ()) if one["rows"] < one["asked"]]
    gave = ", ".join(f"{one['part']} gave {one['rows']:,} of {one['asked']:,}" for one in short)
    unmet = f"{quotas}; " if (quotas := _unmet(record)) else ""
    return (
        f"{run.folder}: {run.settings.n - record['rows']:,} of {run.settings.n:,} rows are "
        f"missing: {gave}; {unmet}{_tried(record)} (the table says where they went); "
        f"{_advice(run.settings, [one['part'] for one in short])}"
    )


def _advice(settings: RunSettings, short: list[str]) -> str:
    """Say what gives more rows, if anything does."""
    asked = ["--margin"] if any(one.partition(":")[0] not in _NO_MARGIN for one in short) else []
    asked += ["--min-rarity"] if settings.min_rarity > 0 else []
    if not asked:
        return "the graph holds no more"
    return f"a smaller {' or '.join(asked)} gives more"


def _tried(record: dict[str, Any]) -> str:
    """Say how much there was to try, and of what difficulty where that was asked for."""
    if not record.get("difficulty"):
        return f"all there is was tried, {record['counts']['paths']['in']:,} candidates"
    return "; ".join(
        f"{one['passed']:,} of {one['judged']:,} questions of {one['part']} lie in --difficulty "
        f"{one['asked']}, all of them between {one['lowest']:.2f} and {one['highest']:.2f}"
        for one in record["difficulty"]
    )


def _all(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counted.items())


def _worst(rejected: dict[str, int]) -> str:
    worst = sorted(rejected.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{code} {count:,}" for code, count in worst)
