"""One question from query to row: worded, proved, checked, and written as a line of the journal."""

import functools
from collections.abc import Iterator
from dataclasses import replace
from json.encoder import encode_basestring

from pydantic import TypeAdapter

from kgsynth.admission import category_sizes, mining_settings
from kgsynth.checks import CheckSettings, check_row
from kgsynth.datasets.files import dump_row
from kgsynth.datasets.splits import row_keys
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.found import Barren
from kgsynth.questions.difficulty_range import parse_range
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.wording import word_question
from kgsynth.records import LONE, Mined, Rejection, Row
from kgsynth.runs import Entry, RunSettings
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.template import write_trace


def check_settings(settings: RunSettings) -> CheckSettings:
    """Return what the checker holds the rows of a run to."""
    mining = mining_settings(settings)
    return CheckSettings(
        margin=mining.margin,
        min_information_bits=mining.min_information_bits,
        min_frequency=mining.min_frequency,
        lone_margin=mining.margin if settings.kind in LONE else 1,
    )


def word(mined: Mined, graph: KnowledgeGraph, settings: RunSettings) -> Row | Rejection:
    """Return a mined question in the template writer's words, not checked yet."""
    form = FormSettings(settings.options, settings.not_recorded)
    seed = settings.seed
    question = word_question(mined, graph, seed, settings.form, form, settings.register)
    if isinstance(question, Rejection):
        return question
    trace = write_trace(mined, question, graph, seed)
    row = assemble_row(mined, question, trace, graph, seed)
    return _out_of_range(row, settings.difficulty) or row


def _out_of_range(row: Row, wanted: str) -> Rejection | None:
    """Return why a row is not as hard as asked for; only options leave that open until now."""
    if not wanted:
        return None
    score = row.difficulty.score
    code = parse_range(wanted).code_of(score, score)
    detail = f"its difficulty is {score}, asked for is {wanted}"
    return Rejection(row.id, "questions", code, detail, row.query) if code else None


def finish(mined: Mined, graph: KnowledgeGraph, settings: RunSettings) -> Row | Rejection:
    """Word and check one question; what fails a check is rejected with its first code."""
    row = word(mined, graph, settings)
    if isinstance(row, Rejection):
        return row
    verdict = check_row(row, graph, check_settings(settings))
    if verdict.accepted:
        return replace(row, verdict=verdict)
    errors = [finding for finding in verdict.findings if finding.severity == "error"]
    code = errors[0].code if errors else "not_checked"
    detail = "; ".join(f"{finding.code}: {finding.message}" for finding in errors[:3])
    return Rejection(row.id, "checks", code, detail, row.query)


def entry_of(seq: int, part: int, item: Row | Rejection, graph: KnowledgeGraph) -> Entry:
    """Return the line of the journal for what became of a question."""
    if isinstance(item, Row):
        keys = " ".join(row_keys(item, category_sizes(graph)))
        return Entry(seq, part, "row", keys, dump_row(item))
    return Entry(seq, part, "rejected", "", dump_rejection(item))


@functools.cache
def _rejections() -> TypeAdapter[Rejection]:
    return TypeAdapter(Rejection)


def dump_rejection(rejection: Rejection) -> bytes:
    """Return a rejection as one line of JSON; the query only where there is one."""
    return _rejections().dump_json(rejection, exclude_none=True)


def dump_barren(barren: Barren, graph: KnowledgeGraph) -> Iterator[tuple[str, bytes]]:
    """Yield for each spine that came to nothing its code, and what `dump_rejection` returns."""
    for name, code, detail in barren.told(graph):
        own = f'{{"id":{encode_basestring(name)},"stage":"paths",'
        yield code, f'{own}"code":"{code}","detail":"{detail}"}}'.encode()


def parse_rejection(line: bytes) -> Rejection:
    """Read what `dump_rejection` wrote."""
    return _rejections().validate_json(line)
