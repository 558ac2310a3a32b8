"""Is the line a row at all, and do its parts fit each other?"""

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

from pydantic import TypeAdapter, ValidationError

from kgsynth.biolink import PREDICATES
from kgsynth.checks.base import Context, row_finding
from kgsynth.questions.base import question_id
from kgsynth.records import Finding, Query, Row

_ROW = TypeAdapter(Row)


class UnreadableRowError(ValueError):
    """A line of a dataset is no row; the message says what was expected."""


def read_row(line: str | bytes) -> Row:
    """Return the row that a line of a dataset holds.

    Raises:
        UnreadableRowError: If the line is not JSON, or not a row.
    """
    try:
        return _ROW.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        others = error.error_count() - 1
        more = f" (and {others} more)" if others else ""
        raise UnreadableRowError(f"{where}: {first['msg']}{more}") from error


def check_parse(context: Context) -> Iterator[Finding]:
    """Yield findings where the parts of a row do not fit each other.

    Yields:
        ``wrong_id``, ``broken_query``, ``broken_bindings``, ``wrong_hops``, ``wrong_form``,
        ``prompt_mismatch``, ``reasoning_mismatch``.
    """
    row = context.row
    proposed = row.candidate.id if row.kind == "dual" else ""
    if row.id != question_id(row.query, row.form, proposed):
        yield row_finding("wrong_id", f"{row.id!r} is not the hash of query and form")
    problems = tuple(query_problems(row.query, context.graph.predicates))
    yield from (row_finding("broken_query", text) for text in problems)
    bound = Counter(binding.variable for binding in row.bindings)
    if bound != Counter(variable.name for variable in row.query.variables):
        yield row_finding("broken_bindings", f"bound are {', '.join(sorted(bound)) or 'none'}")
    if row.hops != max(1, len(row.query.spine) - 1):
        yield row_finding(
            "wrong_hops", f"hops is {row.hops}, the spine has {len(row.query.spine) - 1} edges"
        )
    yield from (row_finding("wrong_form", text) for text in _form_problems(row))
    if row.question not in row.prompt:
        yield row_finding("prompt_mismatch", "the prompt does not hold the question")
    missing = [option.key for option in row.options if option.text not in row.prompt]
    if missing:
        yield row_finding("prompt_mismatch", f"the prompt lacks option {', '.join(missing)}")
    body = "".join(f"{step.text}\n" for step in row.trace)
    if not row.reasoning.startswith(body) or "\n" in row.reasoning[len(body) :].rstrip("\n"):
        yield row_finding("reasoning_mismatch", "the reasoning is not the steps and one last line")


def query_problems(query: Query, there: Collection[str] = ()) -> Iterator[str]:
    """Yield what keeps a query from being a connected pattern with a spine to its target.

    Args:
        query: The query.
        there: Predicates of the graph beside those of Biolink.
    """
    names = [variable.name for variable in query.variables]
    if len(set(names)) != len(names) or not all(name.startswith("?") for name in names):
        yield "variables need different names that begin with ?"
    if query.target not in names:
        yield f"the target {query.target} is no variable"
    used = [end for edge in query.edges for end in (edge.subject, edge.object)]
    strangers = {end for end in used if end.startswith("?")} ^ set(names)
    if strangers:
        yield f"declared and used variables differ: {', '.join(sorted(strangers))}"
    for edge in query.edges:
        if edge.predicate not in PREDICATES and edge.predicate not in there:
            yield f"unknown predicate {edge.predicate!r}"
        if not (edge.subject.startswith("?") or edge.object.startswith("?")):
            yield f"{edge.subject} {edge.predicate} {edge.object} has no variable"
    if len(set(query.edges)) != len(query.edges):
        yield "an edge stands twice"
    if bool(query.order) != bool(query.counted):
        yield "what is counted and in which order go together"
    if query.order and (query.counted not in names or query.counted == query.target):
        yield f"counted is {query.counted!r}, expected a variable beside the target"
    yield from _spine_problems(query)


def _spine_problems(query: Query) -> Iterator[str]:
    spine = query.spine
    if not spine and len(query.variables) == (2 if query.order else 1):
        return
    if len(spine) < 2 or spine[0].startswith("?") or spine[-1] != query.target:
        yield "the spine does not run from a named entity to the target"
        return
    if set(spine[1:]) != {variable.name for variable in query.variables}:
        yield "the spine does not pass every variable"
    for one, other in pairwise(spine):
        joins = [edge for edge in query.edges if {edge.subject, edge.object} == {one, other}]
        if len(joins) != 1:
            yield f"{len(joins)} edges join {one} and {other} on the spine"


def _form_problems(row: Row) -> Iterator[str]:
    correct = [option for option in row.options if option.correct]
    if row.form == "choice":
        if len(row.options) < 2 or len(correct) != 1:
            yield f"{len(row.options)} options, {len(correct)} of them correct"
        elif (correct[0].key, correct[0].text) != (row.answer_key, row.answer):
            yield "the correct option is not the answer"
        if len({option.key for option in row.options}) != len(row.options):
            yield "two options share a key"
    elif row.options or row.answer_key:
        yield f"form {row.form} has no options and no key"
    if row.form == "yes_no":
        if row.answer not in ("yes", "no") or not row.candidate.id:
            yield "a yes-or-no question proposes a candidate and is answered yes or no"
    elif row.candidate.id or row.candidate.name:
        yield f"form {row.form} proposes no candidate"
    if (row.kind == "dual") != bool(row.pair):
        yield "a question of kind dual has a pair, and no other one"
