"""The id of a question is a hash of its query and its form, however fast it is made."""

from hypothesis import given
from hypothesis import strategies as st

from kgsynth.questions.base import question_id
from kgsynth.records import Query, QueryEdge, Variable
from kgsynth.seeding import content_id

#: Plain words, and what breaks a text that is put together carelessly.
_words = st.text(st.sampled_from(["a", "é", '"', "\\", "\x00", "\n", "0", "u", "?"]), max_size=6)
_ends = _words | st.sampled_from(["?d", "?g", "HP:0003401", "HP:0000508"])
_edges = st.builds(QueryEdge, _ends, _words, _ends, st.booleans())
_queries = st.builds(
    Query,
    target=_ends,
    variables=st.lists(st.builds(Variable, _ends, _words), max_size=3).map(tuple),
    edges=st.lists(_edges, max_size=4).map(tuple),
    spine=st.lists(_ends, max_size=3).map(tuple),
    among=st.lists(_ends, max_size=2).map(tuple),
    counted=_ends,
    order=st.sampled_from(["", "most"]),
)


def slow_id(query: Query, form: str, proposed: str) -> str:
    content = {
        "target": query.target,
        "variables": [{"name": v.name, "category": v.category} for v in query.variables],
        "edges": [
            {
                "subject": e.subject,
                "predicate": e.predicate,
                "object": e.object,
                "negated": e.negated,
            }
            for e in query.edges
        ],
        "spine": query.spine,
    }
    content |= {"among": query.among} if query.among else {}
    content |= {"counted": query.counted, "order": query.order} if query.order else {}
    more = {"candidate": proposed} if proposed else {}
    return content_id("kgs", {"form": form, "query": content} | more)


@given(_queries, _words)
def test_an_id_is_the_hash_of_the_query_as_json(query: Query, proposed: str) -> None:
    for form in ("open", "yes_no"):
        assert question_id(query, form, proposed) == slow_id(query, form, proposed)
