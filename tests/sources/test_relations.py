"""Relations of ontologies by their names in Biolink."""

import pytest

from kgsynth.sources.relations import Mapped, Relations

WIDER = {"RO:0002007": ["BFO:0000050"], "layer": ["slab"], "slab": ["layer", "RO:0002131"]}
LABELS = {"RO:0002202": "develops from", "RO:0009999": "has part", "RO:0002007": "bounding layer"}


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("BFO:0000050", ("part_of", False, False, "BFO:0000050")),
        ("part_of", ("part_of", False, False, "part_of")),
        ("http://purl.obolibrary.org/obo/RO_0002202",
         ("develops_from", False, False, "RO:0002202")),
        ("RO:0002202", ("develops_from", False, False, "RO:0002202 develops from")),
        ("RO:0009999", ("has_part", False, False, "RO:0009999 has part")),  # by its label
        ("RO:0004003", ("causes", True, False, "RO:0004003")),  # a disease by a gene: turned
        ("lacks_part", ("has_part", False, True, "lacks_part")),
        ("RO:0002007", ("part_of", False, False, "RO:0002007 bounding layer")),  # the wider one
        ("layer", ("overlaps", False, False, "layer")),  # two steps, and a circle
        ("http://purl.obolibrary.org/obo/doid#has_symptom",
         ("has_phenotype", False, False, "has_symptom")),
        ("winks_at", ("related_to", False, False, "winks_at")),
        ("http://example.org/onto#winks", ("related_to", False, False, "winks")),
        ("mine", ("treats", True, False, "mine")),
        ("not_mine", ("", False, False, "not_mine")),
    ],
)  # fmt: skip
def test_a_relation_is_known_by_id_name_label_or_a_wider_one(
    relation: str, expected: tuple[str, bool, bool, str]
) -> None:
    relations = Relations({"mine": "treated_by", "not_mine": ""}, LABELS, WIDER)
    assert relations.of(relation) == Mapped(*expected)
    assert relations.of(relation) is relations.of(relation)
