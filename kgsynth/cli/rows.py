"""How a row looks in a terminal: 80 columns are enough, and a pipe gets no color."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from kgsynth.progress import harmless
from kgsynth.records import Evidence, ProofStep, QueryEdge, Row, RowEdge

#: How many rivals of a step, and references of a statement, are listed; the others are counted.
RIVALS = 3
REFERENCES = 2

_PHRASES = {
    "has_phenotype": "has",
    "subclass_of": "is a kind of",
    "gene_associated_with_condition": "is associated with",
    "has_mode_of_inheritance": "has the inheritance mode",
}

#: Frequencies that sources give as HPO terms.
_FREQUENCIES = {
    "HP:0040280": "100 %",
    "HP:0040281": "80-99 %",
    "HP:0040282": "30-79 %",
    "HP:0040283": "5-29 %",
    "HP:0040284": "1-4 %",
    "HP:0040285": "0 %",
}


class SafeConsole(Console):
    """A console that shows what names hold and obeys none of it: rich lets ESC through."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Return what is to be written, without control characters in its texts."""
        for segment in super().render(renderable, options):
            safe = segment.control or segment.text.isprintable()
            yield segment if safe else Segment(harmless(segment.text), segment.style)


def terminal() -> Console:
    """Return standard output as a console: at most 100 columns, in a pipe 80 without color."""
    console = SafeConsole(file=sys.stdout, highlight=False, emoji=False, markup=False)
    console.width = min(console.width, 100) if console.is_terminal else 80
    return console


def print_row(console: Console, row: Row, rivals: Mapping[str, str] | None = None) -> None:
    """Print a row: question, answer, proof, reasoning, who recorded what, verdict.

    Args:
        console: Where to.
        row: The row.
        rivals: Names of rivals, which a row gives by their ids only.
    """
    names = {**(rivals or {}), **{entity.id: entity.name for entity in row.entities}}
    bound = {binding.variable: binding.id for binding in row.bindings}
    words = names | {name: names.get(curie, curie) for name, curie in bound.items()}
    heading = f"{row.id}  {row.kind}, {row.hops} hops, {row.form}"
    console.print(Rule(Text(heading, style="bold"), align="left", style="dim", characters="-"))
    _print_part(console, "Question", [Text(row.question), *_options(row, words)])
    _print_part(console, "Answer", _answers(row))
    _print_part(console, "Proof", list(_proof(row, names)))
    _print_part(console, "Reasoning", [_numbered(row)])
    _print_part(console, "Recorded in", [_citations(row.edges, names)])
    _print_part(console, "Checked", [Text(_verdict(row))])


def print_trimmed(console: Console, *parts: RenderableType) -> None:
    """Print something and an empty line, without the blanks that pad tables to their width."""
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    for line in captured.get().splitlines():
        console.file.write(f"{line.rstrip()}\n")
    console.file.write("\n")


def _print_part(console: Console, title: str, parts: Sequence[RenderableType]) -> None:
    heading = Text(title, style="bold cyan")
    print_trimmed(console, heading, *(_indented(part) for part in parts))


def _indented(part: RenderableType, columns: int = 2) -> Padding:
    return Padding(part, (0, 0, 0, columns))


def _options(row: Row, names: Mapping[str, str]) -> Iterator[Text]:
    """Yield the options, each wrong one with the reasons against it."""
    for option in row.options:
        said = "; ".join(
            f"{reason.reason.replace('_', ' ')}: {_clue(row.query.edges[reason.clue], names)}"
            for reason in option.reasons
        )
        line = Text(f"{option.key}) {option.text}", style="green" if option.correct else "")
        yield Text.assemble(line, (f"  {said}" if said else "", "dim"))


def _answers(row: Row) -> list[Text]:
    key = f"{row.answer_key}) " if row.answer_key else ""
    lines = [Text(f"{key}{row.answer}", style="bold green")]
    for answer in row.answers:
        also = f"; also {', '.join(answer.aliases)}" if answer.aliases else ""
        lines.append(Text(f"{answer.name} ({answer.id}){also}", style="dim"))
    return lines


def _proof(row: Row, names: Mapping[str, str]) -> Iterator[RenderableType]:
    """Yield each step: what it ends at, its clues with what each leaves, the nearest rivals."""
    bound = {binding.variable: binding.id for binding in row.bindings}
    words = {**names, **{name: names.get(curie, curie) for name, curie in bound.items()}}
    for number, step in enumerate(row.steps, start=1):
        found = ", then ".join(words.get(variable, variable) for variable in step.variables)
        yield Text.assemble(f"{number}. ", (found, "bold"))
        if not step.clues:
            yield _indented(Text("the only one recorded", style="dim"), 3)
        else:
            yield _indented(_clue_table(step, row.query.edges, words), 3)
        if step.rivals:
            yield _indented(_rival_table(step, row.query.edges, words), 3)


def _clue_table(step: ProofStep, edges: Sequence[QueryEdge], names: Mapping[str, str]) -> Table:
    table = _grid("clue", "candidates left")
    for clue, left in zip(step.clues, step.candidates, strict=False):
        table.add_row(_indented(Text(_clue(edges[clue], names))), Text(f"{left:,}"))
    return table


def _rival_table(step: ProofStep, edges: Sequence[QueryEdge], names: Mapping[str, str]) -> Table:
    table = _grid("nearest rival", f"fails (each at least {step.margin})")
    for rival in step.rivals[:RIVALS]:
        failed = ", ".join(_clue(edges[clue], names) for clue in rival.fails)
        table.add_row(_indented(Text(names.get(rival.id, rival.id))), Text(failed))
    if len(step.rivals) > RIVALS:
        more = Text(f"and {len(step.rivals) - RIVALS} more", style="dim")
        table.add_row(_indented(more), "")
    return table


def _grid(left: str, right: str) -> Table:
    """Return a table without lines whose second column starts where the eye finds it."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", expand=True)
    table.add_column(left, ratio=3)
    table.add_column(right, ratio=4)
    return table


def _clue(edge: QueryEdge, names: Mapping[str, str]) -> str:
    """Return a clue by the name of what it demands; "not" where it demands a denial."""
    end = edge.subject if edge.object.startswith("?") else edge.object
    return f"{'not ' if edge.negated else ''}{names.get(end, end)}"


def _numbered(row: Row) -> Table:
    """Return the steps of the reasoning with their numbers and the rules they rest on."""
    table = Table.grid(padding=(0, 1, 0, 0))
    for number, step in enumerate(row.trace, start=1):
        rule = f" [{step.rule}]" if step.rule else ""
        table.add_row(f"{number}.", Text.assemble(step.text, (rule, "dim")))
    return table


def _citations(edges: Sequence[RowEdge], names: Mapping[str, str]) -> Table:
    """Return every statement with who says so, under the entity that it is about."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(ratio=3)
    table.add_column(ratio=4)
    subjects = dict.fromkeys(edge.subject for edge in edges)
    for about in subjects:
        table.add_row(Text(names.get(about, about), style="bold"), Text(about, style="dim"))
        for edge in (edge for edge in edges if edge.subject == about):
            said = evidence_text(edge.evidence)
            table.add_row(_indented(Text(_statement(edge, names))), Text(said))
    return table


def _statement(edge: RowEdge, names: Mapping[str, str]) -> str:
    phrase = _PHRASES.get(edge.predicate, edge.predicate.replace("_", " "))
    denied = "NOT: " if edge.negated else ""
    often = frequency_text(edge.frequency)
    shown = f" ({often})" if often else ""
    return f"{denied}{phrase} {names.get(edge.object, edge.object)}{shown}"


def frequency_text(frequency: str) -> str:
    """Return a frequency as people write it: ``4/6``, ``30-79 %``."""
    return _FREQUENCIES.get(frequency, frequency)


def evidence_text(evidence: Sequence[Evidence]) -> str:
    """Return sources with their version and first references.

    Example: ``hpoa v2025-01-16: OMIM:170500 (TAS, 2009-02-17)``.
    """
    by_source: dict[str, list[str]] = {}
    for one in evidence:
        known = ", ".join(word for word in (one.code, one.date) if word)
        code = f" ({known})" if known else ""
        by_source.setdefault(f"{one.source} {one.version}", []).append(f"{one.reference}{code}")
    parts = []
    for source, references in by_source.items():
        given = [reference.strip() for reference in references if reference.strip()]
        more = f" and {len(given) - REFERENCES} more" if len(given) > REFERENCES else ""
        parts.append(f"{source}: {', '.join(given[:REFERENCES])}{more}" if given else source)
    return "; ".join(parts)


def _verdict(row: Row) -> str:
    verdict = "accepted" if row.verdict.accepted else "rejected"
    ran = ", ".join(row.verdict.checks) or "no check"
    found = "".join(
        f"\n{item.severity}: {item.code}: {item.message}" for item in row.verdict.findings
    )
    return (
        f"{verdict}, risk {row.verdict.risk}; ran {ran}\n"
        f"difficulty {row.difficulty.score:.2f} ({row.difficulty.clues} clues, "
        f"{row.difficulty.information_bits:.0f} bits), rarity {row.rarity.score:.2f}; "
        f"worded by {row.provenance.writer} {row.provenance.model}".rstrip()
        + found
    )
