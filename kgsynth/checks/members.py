"""A list as the text gives it: every answer by name, in order, each proved, and no other."""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.called import called_in
from kgsynth.checks.cited import Cited, proves
from kgsynth.records import Finding

_JOINT = re.compile(r", and |, | and ")


def check_members(context: Context) -> Iterator[Finding]:
    """Yield findings where answer, steps and conclusion do not give the same list.

    The first step narrows down and names no answer, each of the next holds one of them against
    the clues, in the order of the answer, and the last names all.

    Yields:
        ``wrong_answer``, ``wrong_conclusion``, ``dropped_hop``, ``broken_order``,
        ``uncovered_edge``.
    """
    order = read_list(context, context.row.answer)
    if not order:
        message = f"{context.row.answer!r} is not the list of all answers in alphabetical order"
        yield row_finding("wrong_answer", message)
    yield from _last_step(context)
    yield from _order(context, order or list(context.accepted))
    yield from _proved(context)


def read_list(context: Context, text: str) -> list[str]:
    """Return the answers that an English list names, in its order; [] unless it is all of them."""
    names = _JOINT.split(text)
    spelled = {
        surface: curie
        for curie in context.accepted
        for surface in called_in(context.graph).folded[curie]
    }
    found = [spelled.get(name.casefold(), "") for name in names]
    ordered = names == sorted(names, key=lambda name: name.casefold())
    complete = sorted(found) == sorted(context.accepted)
    return found if ordered and complete else []


def _last_step(context: Context) -> Iterator[Finding]:
    index = len(context.row.trace) - 1
    wanted = set(context.accepted)
    if index < 0:
        return
    rivals = {rival.id for step in context.row.steps for rival in step.rivals}
    step = context.row.trace[index]
    told = _diseases(context, step.text)
    if not wanted <= told or told - wanted - rivals or len(told - wanted) > 1:
        found = ", ".join(sorted(told ^ wanted))
        message = f"the last step and the answers differ in {found}"
        yield Finding("wrong_conclusion", index, message=message)
    if _diseases(context, step.concludes) != wanted:
        yield Finding("wrong_conclusion", index, message="the last step does not conclude all")


def _order(context: Context, order: list[str]) -> Iterator[Finding]:
    """Compare what the steps conclude with the list."""
    concluded = [_diseases(context, step.concludes) for step in context.row.trace]
    if not concluded or concluded[0]:
        yield row_finding("dropped_hop", "the first step does not narrow the disorders down")
    single = [next(iter(found)) for found in concluded if len(found) == 1]
    if single != order:
        missing = sorted(set(order) - set(single))
        code = "dropped_hop" if missing else "broken_order"
        yield row_finding(code, f"the steps conclude {single}, the answers are {order}")
    elif [len(found) for found in concluded] != [0, *(1 for _ in order), len(order)]:
        yield row_finding(
            "broken_order", "the steps do not narrow, prove each answer, and conclude"
        )


def _diseases(context: Context, text: str) -> set[str]:
    """Return the diseases that a text names: of several things with one spelling, the likeliest.

    An answer goes before what else the row lists, that before the rest of the graph.
    """
    found = set()
    for mention in context.mentions(text):
        for known in (context.accepted, context.listed, mention.nodes):
            nodes = [node for node in mention.nodes if node in known]
            if nodes:
                kinds = {node: context.graph.node(node).category for node in nodes}
                # "Nephrotic syndrome" is a finding as well as a disease.
                if known is context.accepted or set(kinds.values()) == {"Disease"}:
                    found.add(nodes[0])
                break
    return found


def _proved(context: Context) -> Iterator[Finding]:
    """Find query edges that no citations prove for one of the answers."""
    row = context.row
    cited = Cited(edge for at in range(len(row.trace)) for edge in context.step_edges(at))
    for member in context.accepted[1:]:
        for index, edge in enumerate(row.query.edges):
            claim = (member, edge.predicate, edge.object, edge.negated)
            if not proves(cited, claim):
                yield row_finding(
                    "uncovered_edge", f"no step proves query edge {index} of {member}"
                )
