"""Records on their way to another process."""

import pickle
from dataclasses import fields, replace

import pytest

from kgsynth.records import Mined
from tests.mined import mined_chains, name_of


@pytest.mark.parametrize("mined", mined_chains(), ids=name_of)
def test_a_mined_question_arrives_in_another_process_as_it_was(mined: Mined) -> None:
    assert pickle.loads(pickle.dumps(mined)) == mined


def test_no_field_of_a_mined_question_is_left_behind() -> None:
    first = mined_chains()[0]
    query = replace(first.query, among=("MONDO:0010526",), counted="?g", order="most")
    own = {"candidate": "HP:0003401", "pair": "pair:1", "options": ("HP:0000508",)}
    mined = replace(first, query=query, **own)  # type: ignore[arg-type]
    assert all(
        getattr(one, field.name) != field.default for one in (mined, query) for field in fields(one)
    )
    assert pickle.loads(pickle.dumps(mined)) == mined
