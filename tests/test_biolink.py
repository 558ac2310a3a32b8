"""The table of predicates hangs together, and every spelling in use finds its way into it."""

import pytest

from kgsynth.biolink import CATEGORIES, PREDICATES, active, predicate
from kgsynth.errors import UsageError

ALL = list(PREDICATES.values())


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_predicate_joins_known_categories_and_implies_a_known_one(one: object) -> None:
    known = predicate(getattr(one, "name", ""))
    assert set(known.domain) | set(known.range) <= set(CATEGORIES)
    # One step: Cypher, SPARQL and the kernels look no further.
    assert not known.weaker or not PREDICATES[known.weaker].weaker
    assert known.symmetric == (known.inverse == known.name)


def test_no_two_predicates_share_a_name_an_inverse_or_a_relationship() -> None:
    assert len({one.inverse for one in ALL}) == len(ALL)
    types = [kind for one in ALL for kind in (one.relationship, one.denied_relationship)]
    assert len(set(types)) == len(types)


def test_an_inverse_that_is_stored_too_reads_back_as_the_first() -> None:
    both = {one.name for one in ALL if one.inverse in PREDICATES and not one.symmetric}
    assert both == {"part_of", "has_part", "participates_in", "has_participant"}
    assert all(PREDICATES[PREDICATES[name].inverse].inverse == name for name in both)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_passive_name_is_turned_round(one: object) -> None:
    known = predicate(getattr(one, "name", ""))
    assert active(known.name) == (known.name, False)
    assert active(f"biolink:{known.name}") == (known.name, False)
    if known.inverse not in PREDICATES:
        assert active(known.inverse.replace("_", " ")) == (known.name, True)


def test_the_direction_of_an_effect_is_kept() -> None:
    more, less = active("increases activity of")[0], active("decreases activity of")[0]
    assert more != less
    assert PREDICATES[more].weaker == PREDICATES[less].weaker == "affects"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("prevents", "preventative_for_condition"),
        ("affects risk for", "affects_likelihood_of"),
        ("molecularly interacts with", "physically_interacts_with"),
        ("  Positively-Regulates ", "positively_regulates"),
        ("biolink:hasPhenotype", "has_phenotype"),
        ("is a", "subclass_of"),
        ("../../etc/passwd", "etc_passwd"),
        ("x`]->() DELETE n //", "x_delete_n"),
        ("\u202eétrange", "trange"),
        ("", ""),
    ],
)
def test_any_spelling_becomes_a_plain_word(given: str, stored: str) -> None:
    assert active(given) == (stored, False)


def test_an_unknown_predicate_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="unknown predicate 'cures'; known: subclass_of"):
        predicate("cures")
