"""Every kind and form in every register: worded, proved, checked, the same for the same seed."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
import pytest

from kgsynth.checks import CheckSettings, check_row
from kgsynth.checks.base import Context, gazetteer_of
from kgsynth.checks.inject import INJECTORS
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths import MINERS
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions import FORMS, KINDS, MIXED, OWN_FORMS, REGISTERS
from kgsynth.questions.base import Question
from kgsynth.questions.cases import case_words, onsets_of, parts_of
from kgsynth.questions.forms import form_words
from kgsynth.questions.lay import speech
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.registers import register_of, register_words
from kgsynth.questions.vignette import Teller
from kgsynth.questions.wording import word_question
from kgsynth.records import Mined, Row, default_margin
from kgsynth.registry import load
from kgsynth.seeding import derive_rng
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.prompt import plan_row, write_prompt
from kgsynth.traces.template import write_trace
from tests.kinds import asked

#: Questions of each kind that are looked at, and those that options are drawn from.
SAMPLE, MANY = 8, 160
TOLD_AGAIN = REGISTERS[1:]


@cache
def mined_of(kind: str, graph: KnowledgeGraph) -> list[Mined]:
    settings = MiningSettings(hops=4, margin=default_margin(kind))
    stream = load(MINERS, kind, "miner")(graph, settings, 0, MANY)
    return list(islice((item for item in stream if isinstance(item, Mined)), MANY))


@cache
def asked_of(kind: str, form: str, graph: KnowledgeGraph) -> list[Mined]:
    """Return questions as a form asks them: options come with those that it has options for."""
    mined = mined_of(kind, graph)
    return asked(mined, graph, form) if form in FORMS else mined


def forms_of(kind: str) -> tuple[str, ...]:
    if kind in OWN_FORMS:
        return (OWN_FORMS[kind],)
    return ("open", *(() if kind in form_words()["open_only"]["kinds"] else FORMS))


@cache
def rows_of(kind: str, form: str, register: str, graph: KnowledgeGraph) -> list[Row]:
    made = []
    for mined in asked_of(kind, form, graph):
        question = word_question(mined, graph, 0, form, None, register)
        if isinstance(question, Question):
            trace = write_trace(mined, question, graph, 0)
            made.append(assemble_row(mined, question, trace, graph, 0))
        if len(made) == SAMPLE:
            break
    return made


@pytest.mark.parametrize("register", REGISTERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_asked_in_every_form_and_passes_every_check(
    kind: str, register: str, graph: KnowledgeGraph
) -> None:
    said: dict[str, list[str]] = {}
    for form in forms_of(kind):
        rows = rows_of(kind, form, register, graph)
        assert rows, form
        assert {row.provenance.register for row in rows} == {register}
        said |= {
            row.question: [f"{one.code}: {one.message}" for one in verdict.findings]
            for row in rows
            if not (verdict := check_row(row, graph, CheckSettings())).accepted
        }
    assert said == {}


@pytest.mark.parametrize("kind", KINDS)
def test_registers_ask_the_same_of_the_same_query(kind: str, graph: KnowledgeGraph) -> None:
    form = forms_of(kind)[0]
    rows = {register: rows_of(kind, form, register, graph) for register in REGISTERS}
    by_id = {row.id: row for row in rows["clinician"]}
    for register in TOLD_AGAIN:
        for row in rows[register]:
            usual = by_id[row.id]
            assert (row.query, row.answer, row.steps) == (usual.query, usual.answer, usual.steps)
            assert row.question != usual.question
            assert row.question in row.prompt
            assert usual.question not in row.prompt


def test_a_mixed_run_draws_the_register_by_seed_and_question() -> None:
    drawn = Counter(register_of(MIXED, 0, f"kgs:{number}") for number in range(300))
    assert set(drawn) == set(REGISTERS)
    assert min(drawn.values()) > 70
    assert [register_of(MIXED, 0, "kgs:1") for _ in range(3)] == [
        register_of(MIXED, 0, "kgs:1")
    ] * 3
    assert register_of("exam", 0, "kgs:1") == "exam"


def test_the_same_seed_gives_the_same_words_and_another_seed_others(graph: KnowledgeGraph) -> None:
    mined = mined_of("intersection", graph)[0]
    one, again, other = (word_question(mined, graph, s, "open", None, "exam") for s in (0, 0, 1))
    assert one == again
    assert isinstance(one, Question)
    assert isinstance(other, Question)
    assert one.question != other.question


# ---- lay words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curie", "said"),
    [
        ("HP:0000256", "a large head"),  # macrocephaly
        ("HP:0001263", "global developmental delay"),  # the lay synonyms are names of others too
        ("HP:0000939", "osteoporosis"),
        ("HP:0000486", "a squint"),  # strabismus: "cross-eyed" is no noun
        ("HP:0000975", "profuse sweating"),  # "sweating" alone says less
    ],
)
def test_a_patient_says_a_lay_word_that_means_one_finding_only(
    curie: str, said: str, graph: KnowledgeGraph
) -> None:
    assert speech(graph, "patient").find(curie) == said
    assert speech(graph, "exam") is lexicon(graph)


def test_no_lay_word_is_called_so_by_anything_else(graph: KnowledgeGraph) -> None:
    lay, plain, gazetteer = speech(graph, "patient"), lexicon(graph), gazetteer_of(graph)
    ids = [i for i, c in zip(graph.column("id").to_pylist(), graph.column("lay").to_pylist(),
                             strict=True) if c and i.startswith("HP:")][::40]  # fmt: skip
    for curie in ids:
        if (said := lay.say(curie)) != plain.say(curie):
            assert {n for m in gazetteer.mentions(said) for n in m.nodes} == {curie}, said


# ---- what a vignette tells -----------------------------------------------------------------


def test_an_age_is_told_where_it_is_recorded_and_cited(graph: KnowledgeGraph) -> None:
    told = 0
    for kind in ("chain", "intersection", "exclusion", "differential"):
        for register in TOLD_AGAIN:
            for row in rows_of(kind, "open", register, graph):
                onsets = [edge for edge in row.edges if edge.predicate == "has_attribute"]
                assert (
                    "which fits the age" in row.reasoning or "The age fits" in row.reasoning
                ) == (bool(onsets))
                told += bool(onsets)
    assert told >= 8


def test_no_vignette_gives_an_age_in_numbers() -> None:
    for register in TOLD_AGAIN:
        assert not re.search(r"\d+[- ](?:year|month)", str(register_words(register)))


def test_every_onset_has_words_and_a_group_of_age() -> None:
    known = set(case_words()["when"])
    assert set(case_words()["group"]) == known == set(register_words("patient")["when"])
    groups = {one["group"] for one in register_words("exam")["who"]}
    assert groups == {"", "any", *case_words()["group"].values()}


@pytest.mark.parametrize("register", REGISTERS)
@pytest.mark.parametrize("error", ["wrong_age", "wrong_sex", "wrong_often"])
def test_a_made_up_age_sex_or_frequency_is_found(
    error: str, register: str, graph: KnowledgeGraph
) -> None:
    spoil, codes = INJECTORS[error]
    spoiled = 0
    for kind in ("chain", "intersection", "exclusion"):
        for row in rows_of(kind, "open", register, graph):
            context = Context.of(row, graph, CheckSettings())
            injected = spoil(context, derive_rng(0, error, row.id))
            if injected is not None:
                verdict = check_row(injected.row, graph, CheckSettings())
                assert {f.code for f in verdict.findings} & codes, injected.row.question
                spoiled += 1
    assert spoiled


def test_an_age_in_numbers_is_found(graph: KnowledgeGraph) -> None:
    row = rows_of("intersection", "open", "exam", graph)[0]
    stem = f"A 6-year-old child is seen. {row.question}"
    spoiled = replace(row, question=stem, prompt=row.prompt.replace(row.question, stem))
    codes = {f.code for f in check_row(spoiled, graph, CheckSettings()).findings}
    assert "wrong_case" in codes


# ---- what the words may be -----------------------------------------------------------------


def texts(table: object) -> list[str]:
    """Return every text of a wording that is more than a word."""
    if isinstance(table, str):
        return [table] if " " in table else []
    if isinstance(table, dict):
        return texts(list(table.values()))
    return [text for part in table for text in texts(part)] if isinstance(table, list) else []


@pytest.mark.parametrize("register", TOLD_AGAIN)
def test_no_wording_names_an_entity_by_itself(register: str, graph: KnowledgeGraph) -> None:
    gazetteer = gazetteer_of(graph)
    named = {}
    for text in texts(register_words(register)):
        plain = re.sub(r"\{\w+\}", "X", text)
        found = [plain[m.start : m.end] for m in gazetteer.mentions(plain)]
        if found:
            named[text] = found
    assert named == {}


# ---- what a model is told ------------------------------------------------------------------


@pytest.mark.parametrize("register", REGISTERS)
def test_a_model_is_told_who_speaks_and_what_is_proposed(
    register: str, graph: KnowledgeGraph
) -> None:
    row = rows_of("intersection", "yes_no", register, graph)[0]
    plan = plan_row(row)
    text = write_prompt(plan).messages[1].content
    assert ("as a patient" in text) == (register == "patient")
    assert ("board examination" in text) == (register == "exam")
    at = plan.entities.index(row.candidate.id)
    assert f"proposes E{at + 1} ({plan.spelling[at]}) as the answer" in text
    assert f"E{at + 1}: {plan.spelling[at]} (disorder; named)" in text


def test_a_model_is_told_to_ask_for_a_finding_of_a_dual(graph: KnowledgeGraph) -> None:
    text = write_prompt(plan_row(rows_of("dual", "yes_no", "exam", graph)[0])).messages[1].content
    assert re.search(r"The question asks whether E\d+ is a recorded finding of E\d+", text)


def test_who_could_not_ask_is_told_of_by_another(graph: KnowledgeGraph) -> None:
    teller = Teller(
        register_words("patient"), graph, speech(graph, "patient"), np.random.default_rng(3)
    )
    first = re.compile(r"\bI (?!am writing)|^My (?:doctors|early|records)")
    severe_delay, fatigue = "HP:0011344", "HP:0012378"
    assert not [t for _ in range(40) if first.search(t := teller.tell("", [severe_delay]).text)]
    assert [t for _ in range(40) if first.search(t := teller.tell("", [fatigue]).text)]


def test_heads_are_measured_and_pressure_is_taken_on_examination(graph: KnowledgeGraph) -> None:
    microcephaly, hypertension, portal = "HP:0000252", "HP:0000822", "HP:0001409"
    parts = parts_of([microcephaly, hypertension, portal], graph, np.random.default_rng(3))
    assert dict(parts) == {"examination": [hypertension, microcephaly], "tests": [portal]}


def test_who_has_a_neonatal_finding_did_not_fall_ill_at_school_age(graph: KnowledgeGraph) -> None:
    disease = "MONDO:0009709"  # centronuclear myopathy 2
    later = {edge.object for edge in onsets_of(disease, graph)}
    neonatal_hypotonia = ["HP:0001319"]
    early = {edge.object for edge in onsets_of(disease, graph, neonatal_hypotonia)}
    assert early < later
    assert early <= {"HP:0003577", "HP:0003623", "HP:0003593"}
