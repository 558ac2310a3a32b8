"""Records on their way to another process."""

import pickle

import pytest

from kgsynth.records import Mined
from tests.mined import mined_chains, name_of


@pytest.mark.parametrize("mined", mined_chains(), ids=name_of)
def test_a_mined_question_arrives_in_another_process_as_it_was(mined: Mined) -> None:
    assert pickle.loads(pickle.dumps(mined)) == mined
