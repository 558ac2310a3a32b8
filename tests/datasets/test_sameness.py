"""Two questions that ask the same, or nearly the same, are found out."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsynth.datasets.asked import about, facts_of, query_key
from kgsynth.datasets.sameness import FEW, Limits, SamenessGate, WordingGate, words_of
from kgsynth.records import Binding, Mined, Query, QueryEdge, Variable

#: Marfan syndrome, Loeys-Dietz syndrome 1, and findings of both.
MARFAN, LOEYS_DIETZ = "MONDO:0007947", "MONDO:0012212"
FINDINGS = ("HP:0001083", "HP:0002616", "HP:0001166", "HP:0000545", "HP:0001519", "HP:0000768")


def asked(query: Query, bindings: tuple[Binding, ...] = (), **changes: Any) -> Mined:
    answers = tuple(one.id for one in bindings if one.variable == query.target)
    return Mined("intersection-d", query, bindings, (), answers, **changes)


def case_of(disease: str, *findings: str) -> Mined:
    edges = tuple(QueryEdge("?d", "has_phenotype", finding) for finding in findings)
    query = Query("?d", (Variable("?d", "Disease"),), edges, ())
    return asked(query, (Binding("?d", disease),))


def chain_of(first: str, other: str, *findings: str) -> Mined:
    """Return a question for the other disease of a gene, by findings of the first."""
    edges = (
        *(QueryEdge("?a", "has_phenotype", finding) for finding in findings),
        QueryEdge("?g", "gene_associated_with_condition", "?a"),
        QueryEdge("?g", "gene_associated_with_condition", "?b"),
    )
    variables = (Variable("?a", "Disease"), Variable("?g", "Gene"), Variable("?b", "Disease"))
    query = Query("?b", variables, edges, (findings[0], "?a", "?g", "?b"))
    bound = (Binding("?a", first), Binding("?g", "NCBIGene:2200"), Binding("?b", other))
    return asked(query, bound)


def renamed(query: Query, names: dict[str, str]) -> Query:
    edges = tuple(
        replace(e, subject=names.get(e.subject, e.subject), object=names.get(e.object, e.object))
        for e in query.edges
    )
    variables = tuple(Variable(names[v.name], v.category) for v in query.variables)
    spine = tuple(names.get(name, name) for name in query.spine)
    return Query(names[query.target], variables[::-1], edges[::-1], spine, query.among[::-1])


def same_slowly(one: Query, other: Query) -> bool:
    """Try every way to call the variables of one query like those of the other."""

    def content(query: Query, names: dict[str, str]) -> tuple[object, ...]:
        edges = []
        for edge in query.edges:
            ends = [names.get(edge.subject, edge.subject), names.get(edge.object, edge.object)]
            if edge.predicate == "interacts_with":
                ends.sort()
            edges.append((edge.predicate, edge.negated, *ends))
        kinds = sorted((names[v.name], v.category) for v in query.variables)
        return names[query.target], kinds, sorted(edges), sorted(query.among)

    own = {v.name: v.name for v in other.variables}
    if len(one.variables) != len(own):
        return False
    return any(
        content(one, dict(zip([v.name for v in one.variables], names, strict=True)))
        == content(other, own)
        for names in itertools.permutations(own)
    )


NAMES = ("?a", "?b", "?c", "?d")


@st.composite
def queries(draw: st.DrawFn) -> Query:
    names = NAMES[: draw(st.integers(1, 4))]
    ends = st.sampled_from((*names, "HP:1"))
    edges = st.builds(
        QueryEdge, ends, st.sampled_from(("interacts_with", "causes")), ends, st.booleans()
    )
    variables = tuple(Variable(name, draw(st.sampled_from(("Gene", "Disease")))) for name in names)
    return Query(names[0], variables, tuple(draw(st.lists(edges, max_size=5))), ())


@given(queries(), queries())
def test_two_queries_have_one_key_exactly_if_they_are_the_same(one: Query, other: Query) -> None:
    assert (query_key(asked(one)) == query_key(asked(other))) == same_slowly(one, other)


@given(queries(), st.permutations(NAMES))
def test_names_and_orders_change_no_key(query: Query, names: list[str]) -> None:
    other = renamed(query, dict(zip(NAMES, names, strict=True)))
    assert query_key(asked(query)) == query_key(asked(other))


def test_a_query_is_the_same_in_every_kind_and_form() -> None:
    case = case_of(MARFAN, *FINDINGS[:3])
    assert query_key(case) == query_key(replace(case, template="differential-d"))


def test_what_a_dual_proposes_is_part_of_what_it_asks() -> None:
    query = case_of(MARFAN, FINDINGS[0]).query
    yes, no = (asked(query, candidate=one, pair="kgp-1") for one in FINDINGS[:2])
    assert query_key(yes) != query_key(no)
    assert facts_of(yes) != facts_of(no)


def test_the_same_query_is_asked_once() -> None:
    gate = SamenessGate(Limits(), 1000)
    first = gate.look(case_of(MARFAN, *FINDINGS[:3]))
    assert gate.judge(first) == ("", "")
    gate.keep(first)
    again = gate.look(case_of(MARFAN, *FINDINGS[2::-1]))
    assert gate.judge(again)[0] == "duplicate_query"


def test_a_question_on_nearly_the_same_facts_is_refused() -> None:
    gate = SamenessGate(Limits(ground=0.6), 1000)
    gate.keep(gate.look(case_of(MARFAN, *FINDINGS[:4])))
    near, far = case_of(MARFAN, *FINDINGS[1:5]), case_of(MARFAN, *FINDINGS[2:6])  # 3/5 and 2/6
    assert gate.judge(gate.look(near))[0] == "near_duplicate"
    assert gate.judge(gate.look(far)) == ("", "")
    # Another disease with the same findings but one is a contrast, not a copy.
    assert gate.judge(gate.look(case_of(LOEYS_DIETZ, *FINDINGS[1:5]))) == ("", "")


def test_a_spine_is_walked_once_whatever_its_clues() -> None:
    gate = SamenessGate(Limits(), 1_000)
    first, same = (chain_of(MARFAN, LOEYS_DIETZ, *FINDINGS[at : at + 3]) for at in (0, 3))
    back = chain_of(LOEYS_DIETZ, MARFAN, *FINDINGS[3:])
    assert gate.judge(gate.look(first)) == ("", "")
    gate.keep(gate.look(first))

    assert gate.judge(gate.look(same))[0] == "near_duplicate"
    assert gate.judge(gate.look(back)) == ("", "")


def test_what_is_refused_elsewhere_counts_against_nobody() -> None:
    gate = SamenessGate(Limits(), 1000)
    for _ in range(3):
        assert gate.judge(gate.look(case_of(MARFAN, *FINDINGS[:3]))) == ("", "")


def test_no_answer_takes_more_than_its_share() -> None:
    gate = SamenessGate(Limits(ground=1.0, share=0.01), 600)
    codes = []
    for chosen in itertools.islice(itertools.combinations(FINDINGS, 3), 7):
        question = gate.look(case_of(MARFAN, *chosen))
        codes.append(gate.judge(question)[0])
        if not codes[-1]:
            gate.keep(question)
    assert codes == [""] * 6 + ["near_duplicate"]


def test_two_diseases_are_led_over_a_few_times_only() -> None:
    gate = SamenessGate(Limits(ground=1.0), 1000)
    for chosen in itertools.islice(itertools.combinations(FINDINGS, 3), FEW):
        gate.keep(gate.look(chain_of(MARFAN, LOEYS_DIETZ, *chosen)))
    more = gate.judge(gate.look(chain_of(LOEYS_DIETZ, MARFAN, *FINDINGS[3:])))
    assert more[0] == "near_duplicate"
    assert f"pair of diseases {MARFAN} {LOEYS_DIETZ}" in more[1]


def test_a_mode_of_inheritance_may_be_the_answer_more_often() -> None:
    chain = chain_of(MARFAN, LOEYS_DIETZ, *FINDINGS[:2])
    assert f"answer {LOEYS_DIETZ}" in about(chain)
    assert about(chain, frozenset({"Disease"})) == about(chain)[1:]


@pytest.mark.parametrize(
    ("stem", "passes"),
    [
        ("Which disorder has aniridia, ascites, a small spleen and micropenis?", False),
        ("Which disorder has ascites, aniridia, a small spleen and a cleft lip?", True),
    ],
)
def test_stems_of_nearly_the_same_words_are_refused(stem: str, passes: bool) -> None:
    gate = WordingGate(Limits(words=0.8))
    assert (
        gate.refuse("1", "Which disorder has aniridia, a small spleen, micropenis and ascites?")
        is None
    )
    assert (gate.refuse("2", stem) is None) is passes


def test_words_are_compared_without_case_and_signs() -> None:
    assert words_of("A patient has X-linked, a PATIENT.") == {"a", "patient", "has", "x", "linked"}
