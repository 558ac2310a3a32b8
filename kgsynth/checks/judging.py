"""What the graph says to a claim: yes, yes but uncited, nothing, or the opposite."""

from collections.abc import Iterator
from typing import Literal, cast

from kgsynth.checks.base import Context
from kgsynth.checks.cited import Cited, proves
from kgsynth.checks.claims import claims_of
from kgsynth.checks.clause_claims import GENE_PREDICATES, Claim

Judgment = Literal["supported", "uncited", "unsupported", "denied", "recorded", "reversed"]


def judgments(context: Context, index: int) -> list[tuple[Claim, Judgment]]:
    """Return the claims of a step, each with what graph and citations say to it.

    The citations are those of the step and of all before it.
    """
    found = context.memory.get(_KEY)
    if found is None:
        found = context.memory[_KEY] = list(_judge_steps(context))
    return cast("list[list[tuple[Claim, Judgment]]]", found)[index]


_KEY = ("judgments", None)


def _judge_steps(context: Context) -> Iterator[list[tuple[Claim, Judgment]]]:
    cited = Cited()
    for index, step in enumerate(context.row.trace):
        cited.add(context.step_edges(index))
        claims = claims_of(context, step.text, frozenset(step.entities))
        yield [(claim, judge(context, claim, cited)) for claim in claims]


def judge(context: Context, claim: Claim, cited: Cited) -> Judgment:
    """Return what graph and citations say to a claim.

    Args:
        context: The row in its graph.
        claim: What the text says.
        cited: The statements that the step, and those before it, cite.

    Returns:
        ``supported``: the graph says so (not as a disputed statement) and citations prove it;
        ``uncited``: the graph says so, the citations do not; ``unsupported``: the graph is
        silent; ``denied`` and ``recorded``: the graph says the opposite of an assertion, of a
        denial; ``reversed``: the graph says it the other way round.
    """
    if claim.readings:
        return _judge_link(context, claim, cited)
    if claim.predicate == "subclass_of":
        return _judge_kind(context, claim, cited)
    solver, graph = context.solver, context.graph
    subject, object_ = graph.index_of(claim.subject), graph.index_of(claim.object)
    names = _readings(claim.predicate)
    if claim.negated:
        holds = any(solver.holds(name, subject, object_) for name in names)
        return _judge_denial(context, claim, holds, cited)
    proved = any(proves(cited, (claim.subject, name, claim.object, False)) for name in names)
    # What undisputed statements of the graph prove, the graph says.
    if proved and not context.is_disputed:
        return "supported"
    if not any(object_ in solver.held(name, subject, False) for name in names):
        return "denied" if is_denied(context, claim) else "unsupported"
    return "supported" if proved else "uncited"


def _judge_link(context: Context, claim: Claim, cited: Cited) -> Judgment:
    """Judge a claim that its words leave several readings of; one has to be true."""
    held = [reading for reading in claim.readings if _stated(context, *reading)]
    if claim.negated:
        return _judge_denial(context, claim, bool(held), cited)
    if not held:
        turned = any(_stated(context, o, name, s) for s, name, o in claim.readings)
        denied = any(context.graph.find_edge(*reading, True) for reading in claim.readings)
        return "reversed" if turned else "denied" if denied else "unsupported"
    proved = any(proves(cited, (*reading, False)) for reading in held)
    return "supported" if proved else "uncited"


def _stated(context: Context, subject: str, predicate: str, object_: str) -> bool:
    start, end = (context.graph.index_of(curie) for curie in (subject, object_))
    return end in context.solver.held(predicate, start, False)


def _readings(predicate: str) -> tuple[str, ...]:
    """Return the relations that make a claim true: "associated" is true of a cause too."""
    return GENE_PREDICATES if predicate == GENE_PREDICATES[0] else (predicate,)


def _judge_kind(context: Context, claim: Claim, cited: Cited) -> Judgment:
    solver, graph = context.solver, context.graph
    one, other = graph.index_of(claim.subject), graph.index_of(claim.object)
    if one == other or other in solver.above(one):
        if claim.negated:
            return "recorded"
        path = (claim.subject, "subclass_of", claim.object, False)
        return "supported" if one == other or proves(cited, path) else "uncited"
    if claim.negated:
        return "supported"
    return "reversed" if one in solver.above(other) else "unsupported"


def _judge_denial(context: Context, claim: Claim, holds: bool, cited: Cited) -> Judgment:
    """Judge "X lacks Y" and "Y is not recorded in X"; only the first needs a recorded denial."""
    if holds:
        return "recorded"
    if not claim.firm:
        return "supported"
    if not is_denied(context, claim):
        return "unsupported"
    said = (claim.subject, claim.predicate, claim.object, True)
    return "supported" if proves(cited, said) else "uncited"


def is_denied(context: Context, claim: Claim) -> bool:
    """Say whether the graph denies what a claim is about: the finding or a more general one."""
    if claim.predicate != "has_phenotype":
        return (
            context.graph.find_edge(claim.subject, claim.predicate, claim.object, True) is not None
        )
    above = context.graph.ancestors(claim.object) | {claim.object}
    denials = context.graph.edges_of(claim.subject, "has_phenotype", negated=True)
    return any(edge.object in above for edge in denials)
