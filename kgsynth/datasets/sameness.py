"""When two questions ask the same, whatever their kind, their form and the names of variables."""

import hashlib

from kgsynth.records import Mined, Row


def query_key(asked: Mined | Row) -> bytes:
    """Return what is equal for two questions exactly if they ask the same query.

    Variables count by their place and edges in any order; a `dual` asks one query several times,
    so what it proposes is part of it.
    """
    query = asked.query
    place = {variable.name: f"?{at}" for at, variable in enumerate(query.variables)}
    edges = sorted(
        (place.get(e.subject, e.subject), e.predicate, place.get(e.object, e.object), e.negated)
        for e in query.edges
    )
    kinds = [variable.category for variable in query.variables]
    proposed = (
        (asked.candidate if isinstance(asked, Mined) else asked.candidate.id) if asked.pair else ""
    )
    content = (edges, kinds, place[query.target], sorted(query.among), proposed)
    return hashlib.blake2b(repr(content).encode(), digest_size=16).digest()
