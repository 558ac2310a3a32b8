"""What a text says of those that a denial rules out, and of who denies it."""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context
from kgsynth.checks.clauses import step_clauses
from kgsynth.records import Finding

#: Said of a disorder that is among those that the findings leave.
_AMONG = re.compile(r"\ball of these findings\b|\bone of them\b|\bfits as well\b", re.IGNORECASE)

#: Who is said to state something, and the sources that this can mean.
_WITNESS = re.compile(r"\b(HPO|Orphanet)'s annotations\b")
_SOURCES = {"HPO": ("hpoa",), "Orphanet": ("orphanet", "orphapacket", "orphadata")}


def check_denials(context: Context, index: int) -> Iterator[Finding]:
    """Yield findings where a step counts in whom the findings leave out, or misnames who denies.

    Yields:
        ``unsupported_claim``.
    """
    step, query = context.row.trace[index], context.row.query
    if not any(edge.negated for edge in query.edges):
        return
    for clause in step_clauses(context, index):
        for spot in clause.spots if _AMONG.search(clause.text) else ():
            if spot.category == "Disease" and not _has_all(context, spot.node):
                message = f"{spot.node} does not have all findings of the question"
                yield Finding("unsupported_claim", index, spot.start, spot.end, message=message)
    denials = [edge for edge in context.step_edges(index) if edge.negated]
    for match in _WITNESS.finditer(step.text):
        said = tuple(part.source for edge in denials for part in edge.evidence)
        if not any(source.startswith(_SOURCES[match[1]]) for source in said):
            message = f"no denial that the step cites is {match[1]}'s"
            yield Finding("unsupported_claim", index, *match.span(), message=message)


def _has_all(context: Context, disease: str) -> bool:
    held = context.solver.held("has_phenotype", context.graph.index_of(disease))
    found = [edge.object for edge in context.row.query.edges if not edge.negated]
    return all(context.graph.index_of(term) in held for term in found)
