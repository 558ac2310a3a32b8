"""Seeds and ids are hashes of JSON, whoever writes it."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from kgsynth.seeding import content_id, derive_seed

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.integers(), st.lists(TEXTS, max_size=3))
def test_a_seed_is_the_hash_of_what_it_is_for(seed: int, labels: list[str]) -> None:
    text = json.dumps([seed, *labels], ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).digest()
    assert derive_seed(seed, *labels) == int.from_bytes(digest[:8], "big")


@given(st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2), max_size=3))
def test_an_id_is_the_hash_of_a_content_in_order(content: dict[str, list[str]]) -> None:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    expected = f"kgs:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    assert content_id("kgs", content) == expected
