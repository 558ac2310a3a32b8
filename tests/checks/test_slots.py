"""What is told of a text by its parts is what reading it as a whole says."""

import random
from collections.abc import Iterator

import pytest

from kgsynth.checks import CheckSettings
from kgsynth.checks.base import Context
from kgsynth.checks.claims import _claims_in
from kgsynth.checks.clause_claims import read_claims
from kgsynth.checks.clauses import _BREAK, Clause, Spot, clauses_of
from kgsynth.checks.cues import BLANK
from kgsynth.checks.gazetteer import Mention
from kgsynth.checks.grounding import invented
from kgsynth.checks.leakage import _left_behind
from kgsynth.checks.slots import is_tidy
from kgsynth.checks.style import _unprintable, _words
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Row

#: Put between words to make a slip, or something that looks like one.
_BITS = (
    *("a", "an", "the the", "two", "two two", "1,204", "I", "cannot", "as a", "large language"),
    *("system:", "user", "here is the", "question", "XYZ12", "Foo syndrome", "E3", "HP:", "?x"),
    *("(", ")", "“", '"', " ,", "..", "  ", "’s", "-", "{slot}", "<b>", "JSON", "instructions"),
)


def _texts(rows: list[Row]) -> Iterator[tuple[Row, str]]:
    rng = random.Random(0)
    for row in rows:
        for text in (row.question, *(step.text for step in row.trace)):
            yield row, text
            words = text.split(" ")
            for _ in range(6):
                at = rng.randrange(len(words) + 1)
                yield row, " ".join([*words[:at], rng.choice(_BITS), *words[at:]])


def _slips(context: Context, text: str) -> list[object]:
    mentions = context.mentions(text)
    return [
        *_words(context, text, 0),
        *_unprintable(text),
        *_left_behind(context, text, 0),
        *invented(context, text, mentions),
        *(pair for pair in ("()", "[]", "“”") if text.count(pair[0]) != text.count(pair[1])),
        *('"' * (text.count('"') % 2)),
    ]


def test_a_text_of_tidy_parts_has_no_slip(rows: list[Row], graph: KnowledgeGraph) -> None:
    tidy = slips = 0
    for row, text in _texts(rows):
        context = Context.of(row, graph, CheckSettings())
        found = _slips(context, text)
        slips += bool(found)
        if is_tidy(text, context.mentions(text)):
            tidy += 1
            # A blank at an end is looked for apart, with how a sentence begins and ends.
            assert not found or text != text.strip(), (text, found)
    assert tidy > 300
    assert slips > 300


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("It is recorded with 12 of these.", True),
        ("It is recorded with two two of these.", False),
        ("It is a 90 of these.", False),
        ("It is so,an 12 of these.", False),
        ("It is (two two) of these.", False),
        ("It is \\n so.", False),
        ("It is recorded with the the others.", False),
        ("It comes from FOO1.", False),
        ("As a language model, it is so.", False),
        ("It is ( so.", False),
    ],
)
def test_words_alone_are_tidy_or_not(text: str, tidy: bool) -> None:
    assert is_tidy(text, ()) is tidy


@pytest.mark.parametrize("ends", ["<>", "</>", "`\\`", "\\ ", "[]", "?."])
def test_a_name_between_signs_is_not_tidy(ends: str) -> None:
    text = f"It is {ends[:-1]}nystagmus{ends[-1]} as well."
    at = text.index("nystagmus")
    assert not is_tidy(text, [Mention(at, at + 9, ("HP:0000639",))])
    assert is_tidy("It is nystagmus.", [Mention(6, 15, ("HP:0000639",))])


def test_what_a_clause_says_is_remembered_as_it_is_read(
    rows: list[Row], graph: KnowledgeGraph
) -> None:
    for row in rows:
        context = Context.of(row, graph, CheckSettings())
        before: Spot | None = None
        for clause in _clauses(context):
            read = list(read_claims(context, clause, before))
            assert _claims_in(context, clause, before) == read
            assert _claims_in(context, clause, None) == list(read_claims(context, clause, None))
            before = next((spot for spot in clause.spots if spot.category == "Disease"), before)


def test_clauses_end_where_they_do_in_the_whole_text(
    rows: list[Row], graph: KnowledgeGraph
) -> None:
    for row, text in _texts(rows[:20]):
        context = Context.of(row, graph, CheckSettings())
        bare = text
        for mention in context.mentions(text):
            blank = BLANK * (mention.end - mention.start)
            bare = bare[: mention.start] + blank + bare[mention.end :]
        ends = [*(match.span() for match in _BREAK.finditer(bare)), (len(bare), 0)]
        starts = [0, *(end for _, end in ends)]
        wanted = [(start, bare[start:end]) for start, (end, _) in zip(starts, ends, strict=False)]
        found = clauses_of(context, text, frozenset())
        assert [(clause.start, clause.text) for clause in found] == wanted


def _clauses(context: Context) -> Iterator[Clause]:
    for step in context.row.trace:
        yield from clauses_of(context, step.text, frozenset(step.entities))
