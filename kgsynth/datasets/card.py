"""The dataset card: what is in it, how hard, from which sources, under which terms, its limits.

The front matter declares the files of each split and the type of every field, so that
``datasets.load_dataset("<run>/dataset")`` gives the same features whatever the rows hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from kgsynth.datasets.coverage import LEAST, Coverage
from kgsynth.datasets.features import features_of, to_yaml
from kgsynth.datasets.splits import Splits
from kgsynth.datasets.tally import BARS, QUANTILES, Tally, ranked
from kgsynth.records import Row

#: A name that is longer is cut.
_LONGEST = 200
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))

_LIMITS = """\
- **Recorded, not all of medicine.** Every answer is complete and unique *as recorded in* the
  sources and versions named above. A disease may have findings, genes or modes of inheritance
  that nobody has recorded yet. Each clue-bearing step keeps a margin against that: every rival
  fails as many recorded clues as `steps[].margin` says.
- **Not medical advice.** The questions are for training and measuring models. They are no basis
  for the diagnosis or treatment of a person, and no clinician has reviewed each of them.
- **What is often recorded is asked more often.** Well-described diseases and genes are
  over-represented; frequencies in the sources come from published patients.
- **Some answers can be guessed.** Modes of inheritance are few; see the commonest answer above.
  Options, where there are any, are answers of questions that might have been asked instead, drawn
  by lot; only of findings within a class one may be an answer in another split.
"""

_SHARED_NOTHING = """\
No two splits share an edge of a question's path (in either direction) or an answer, answers of
categories with at most a hundred members (modes of inheritance) aside.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of the graph, as its manifest describes it."""

    name: str
    version: str
    license: str
    title: str = ""
    license_url: str = ""
    citation: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a card says beyond its rows.

    Attributes:
        name: The run's name, such as ``chain-hops4-seed0``.
        command: The command that makes the dataset again, or "".
        sources: Those of the graph; the card names only those that rows rest on.
        published: ISO date of the run, or "".
    """

    name: str
    command: str = ""
    sources: tuple[Source, ...] = ()
    published: str = ""


def sources_of(manifest: Mapping[str, Any]) -> tuple[Source, ...]:
    """Return the sources that a graph's ``manifest.json`` names."""
    fields = Source.__dataclass_fields__
    return tuple(
        Source(**{key: str(value) for key, value in source.items() if key in fields})
        for source in manifest.get("sources", ())
    )


def touched_sources(tally: Tally, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that at least one row rests on, by name.

    One that the graph's manifest does not describe is kept with what the rows say of it, so
    that no license is lost.
    """
    described = {f"{source.name}@{source.version}": source for source in sources}
    found = []
    for key in sorted(tally.sources):
        name, _, version = key.partition("@")
        found.append(described.get(key, Source(name, version, "see the source")))
    return found


def make_card(
    tally: Tally, splits: Splits, about: About, content: str, cover: Coverage | None = None
) -> str:
    """Return the text of ``README.md``.

    Args:
        tally: Counts over all rows.
        splits: The split of each row.
        about: Name, command and sources.
        content: SHA-256 of the files.
        cover: What of the graph the rows cover, where that was counted.
    """
    touched = touched_sources(tally, about.sources)
    parts = (
        f"---\n{to_yaml(front_matter(about.name, splits.counts, Row, content))}---\n",
        f"# {about.name}\n",
        _introduction(tally, about),
        _load(about),
        f"## Splits\n\n{_table(('split', 'rows'), splits.counts.items())}\n{_split_note(splits)}",
        f"## What is in it\n\n{_contents(tally)}",
        *([f"## What it covers\n\n{_covers(cover)}"] if cover is not None else []),
        f"## Difficulty\n\n{_histogram(tally.difficulty)}\n{_quantiles(tally)}",
        f"## Sources and licenses\n\n{_licenses(touched, tally)}",
        f"## Limits\n\n{_LIMITS}",
        f"## How to cite\n\n{_citations(about, touched)}",
    )
    return "\n".join(parts)


def front_matter(
    name: str, counts: Mapping[str, int], record: type, content: str
) -> dict[str, object]:
    """Return the metadata block: license, language, files by split, features.

    A split without rows is left out, because a reader refuses a split without data. The
    description names the content, because ``load_dataset`` keeps what it has read under the
    folder's name and this block: two runs that differ in their rows only would be one to it.

    Args:
        name: For people.
        counts: Rows by split.
        record: The record that a line holds.
        content: SHA-256 of the files.
    """
    rows = sum(counts.values())
    size = next((label for bound, label in _SIZES if rows < bound), "n>1M")
    files = [{"split": split, "path": f"{split}.jsonl"} for split, count in counts.items() if count]
    return {
        "pretty_name": name,
        "license": "other",
        "license_name": "the-terms-of-each-source",
        "language": ["en"],
        "task_categories": ["question-answering", "text-generation"],
        "tags": ["medical", "rare-diseases", "reasoning", "multi-hop", "knowledge-graph"],
        "size_categories": [size],
        "configs": [{"config_name": "default", "default": True, "data_files": files}],
        "dataset_info": {
            "description": f"{name}, content {content}",
            "features": features_of(record),
        },
    }


def _introduction(tally: Tally, about: About) -> str:
    kinds = ", ".join(
        f"{count:,} {kind} questions of {hops} hops ({form})"
        for (kind, form, hops), count in sorted(tally.kinds.items())
    )
    made = f"\nMade again, byte for byte, by\n\n    {about.command}\n" if about.command else ""
    return (
        f"{tally.rows:,} medical questions around rare diseases: {kinds}.\n"
        "Each answer is proved complete and unique from a knowledge graph, every step of the\n"
        "reasoning cites the recorded statements that it rests on, and a checker has held every\n"
        f"sentence against the graph. Made with kgsynth.\n{made}"
    )


def _load(about: About) -> str:
    return (
        "```python\nfrom datasets import load_dataset\n\n"
        f'rows = load_dataset("outputs/{about.name}/dataset", split="train")\n```\n\n'
        "`prompt` is what a model is asked, `answer` what is right, `reasoning` a worked\n"
        "solution; `query`, `steps`, `edges` and `trace` are the proof. `kgsynth schema row`\n"
        "prints every field; `kgsynth export` writes trainers' formats.\n"
    )


def _split_note(splits: Splits) -> str:
    missed = f"\nAchieved: {splits.summary}.\n" if splits.missed else ""
    return _SHARED_NOTHING + missed


def _contents(tally: Tally) -> str:
    name, share = tally.commonest_answer
    entities = {category: len(ids) for category, ids in tally.entities.items()}
    return "\n".join(
        (
            _table(("answer is a", "rows"), ranked(tally.answers)),
            _table(("entities", "different ones"), ranked(entities)),
            _table(("spine template", "rows"), ranked(tally.templates)),
            _table(("statements cited", "times"), ranked(tally.predicates)),
            _table(("worded by", "rows"), ranked(tally.writers)),
            f"{len(tally.answer_names):,} different answers; the commonest is {_plain(name)!r} "
            f"({share:.1%} of rows).\n",
        )
    )


def _covers(cover: Coverage) -> str:
    (asked, known), (rare, all_rare) = cover.diseases, cover.rare
    branches = [
        (_plain(one.name), one.rows, f"{one.share:.1%}", f"{one.graph:.1%}")
        for one in cover.specialties
        if one.rows or one.graph >= LEAST
    ]
    parts = [
        f"{asked:,} different diseases are asked about or named, of {known:,} with findings in\n"
        f"the graph; a source calls {rare:,} of them rare, of {all_rare:,} in the graph, and "
        f"{cover.rare_rows:,} rows have one.\n"
    ]
    if branches:
        head = ("specialty", "rows", "of their clues", "of what is recorded")
        parts.append(f"{_table(head, branches)}\n{_SPECIALTY}")
    if cover.quotas:
        parts.append(_table(("quota", "rows asked", "rows"), cover.quotas))
    short = "".join(f"- {line}\n" for line in cover.shortfalls) or "Nothing falls short.\n"
    return "\n".join([*parts, f"Falling short:\n\n{short}" if cover.shortfalls else short])


_SPECIALTY = """\
A row belongs to a specialty, a branch of HPO, where at least half of the clues of its first disease
lie in it; it may belong to several, or to none. A specialty falls short with less than four fifths
of its share of what is recorded.
"""


def _histogram(counts: Sequence[int]) -> str:
    """Return the difficulty scores as bars of text, the longest forty signs wide."""
    longest = max([*counts, 1])
    lines = []
    for index, count in enumerate(counts):
        bar = "#" * -(-40 * count // longest)  # rounded up: a single row still shows
        lines.append(f"{index / BARS:.1f}-{(index + 1) / BARS:.1f} {count:>7,}  {bar}")
    return "Score (0 easy, 1 hard) and rows:\n\n" + "".join(
        f"    {line.rstrip()}\n" for line in lines
    )


def _quantiles(tally: Tally) -> str:
    """Return the scores below which so many of the rows lie, a line for each kind."""
    head = ("rows", "easiest", *(f"{share:.0%}" for share in QUANTILES[1:-1]), "hardest")
    lines = ((what, *(f"{one:.2f}" for one in at)) for what, at in tally.quantiles().items())
    return (
        "Of each kind so many rows are no harder than:\n\n"
        f"{_table(head, lines)}\n"
        "`difficulty` in each row holds the parts that the score is made of;\n"
        "`kgsynth export --order curriculum` puts the easiest first.\n"
    )


def _licenses(touched: Sequence[Source], tally: Tally) -> str:
    rows = [
        (
            f"[{source.title or source.name}]({source.url})" if source.url else source.name,
            source.version,
            f"[{source.license}]({source.license_url})" if source.license_url else source.license,
            f"{tally.sources[f'{source.name}@{source.version}']:,}",
        )
        for source in touched
    ]
    named = ", ".join(sorted(tally.licenses - {""})) or "none"
    return (
        "Only the sources that rows of this dataset rest on are named. Whoever passes it on keeps\n"
        "to the terms of each of them and names them.\n\n"
        f"{_table(('source', 'version', 'terms', 'rows'), rows)}\n"
        f"Licenses named by the evidence: {named}.\n"
    )


def _citations(about: About, touched: Sequence[Source]) -> str:
    texts = sorted({source.citation for source in touched if source.citation})
    sources = "".join(f"- {text}\n" for text in texts)
    return f"- {about.name}, made with kgsynth.\n{sources}"


def _plain(name: str) -> str:
    """Return a name as Markdown shows it, on one line, without HTML that a page would obey."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    text = " ".join(shown.split())
    return escape(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…", quote=False)


def _table(head: Sequence[str], rows: Any) -> str:
    """Return a Markdown table; the first column is text, numbers get thousands separators."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in rows:
        cells = [f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
