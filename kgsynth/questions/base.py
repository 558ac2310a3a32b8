"""What a question is before it becomes a row: the stem, the prompt and the answer in words."""

from dataclasses import dataclass, field
from json.encoder import encode_basestring

from kgsynth.graph.stencil import MARK, Shape, Stencil, shape_of
from kgsynth.memo import Memo
from kgsynth.records import Answer, Candidate, Edge, Form, Kind, Mined, Option, Query, QueryEdge
from kgsynth.seeding import content_text, text_id


@dataclass(frozen=True, slots=True)
class Question:
    """A query in words.

    Attributes:
        id: The id of the row that it becomes; see `question_id`.
        kind: The kind of question.
        form: How it is to be answered.
        template: The spine template and the variants of its parts, such as ``chain-dgdi/3.0.2``.
        question: The stem alone.
        prompt: The stem and how to answer: exactly what a model is asked.
        answer: The right answer as text.
        answers: The complete answer set, each with the other words it may be given in.
        answer_key: The key of the right option, "" without options.
        options: What to choose from, with the reasons why the wrong ones are wrong.
        candidate: What a yes-or-no question proposes.
        register: Who speaks; see `questions.registers`.
        told: Statements beyond the query that the stem tells: when the illness began.
    """

    id: str
    kind: Kind
    form: Form
    template: str
    question: str
    prompt: str
    answer: str
    answers: tuple[Answer, ...]
    answer_key: str = ""
    options: tuple[Option, ...] = ()
    candidate: Candidate = field(default_factory=Candidate)
    register: str = "clinician"
    told: tuple[Edge, ...] = ()

    @property
    def final(self) -> str:
        """The answer as the last line gives it: behind its key, where there are options."""
        return f"{self.answer_key}) {self.answer}" if self.answer_key else self.answer


def question_id(query: Query, form: Form, proposed: str = "") -> str:
    """Return the content hash of a question: the same query in the same form is the same row.

    It is `content_id` of ``{"form": …, "query": …}``, the query as it stands in the row. A `dual`
    asks one query twice, so what it proposes is part of it: ``"candidate": …``.
    """
    shape, entities = shape_of(query)
    if shape.is_plain:
        text = shape.once("json", _stencil).fill([_SPELLED[curie] for curie in entities])
    else:
        text = content_text(_content(query))
    candidate = f'"candidate":"{_spelled(proposed)}",' if proposed else ""
    return text_id("kgs", f'{{{candidate}"form":"{form}","query":{text}}}')


def _content(query: Query) -> dict[str, object]:
    edges = [
        {"subject": e.subject, "predicate": e.predicate, "object": e.object, "negated": e.negated}
        for e in query.edges
    ]
    variables = [{"name": v.name, "category": v.category} for v in query.variables]
    content: dict[str, object] = {"target": query.target, "variables": variables, "edges": edges}
    content |= {"among": query.among} if query.among else {}
    content |= {"counted": query.counted, "order": query.order} if query.order else {}
    return content | {"spine": query.spine}


def _stencil(shape: Shape) -> Stencil[None]:
    text = content_text(_content(shape.query))
    return Stencil(text.replace(_spelled(MARK), MARK), None)


def _spelled(text: str) -> str:
    """Return a text as it stands in JSON, without its quotes."""
    return encode_basestring(text)[1:-1]


_SPELLED: Memo[str, str] = Memo(_spelled)


def clues_of(mined: Mined, variable: str) -> list[str]:
    """Return the findings that the query gives of a variable, in the order of its edges."""
    return [
        edge.object
        for edge in mined.query.edges
        if edge.subject == variable
        and edge.predicate == "has_phenotype"
        and not edge.object.startswith("?")
    ]


def labels_of(mined: Mined, variable: str) -> list[QueryEdge]:
    """Return the edges that join a variable to named entities, in the order of the query.

    Findings of a disease and the class that a finding is asked within are no labels.
    """
    return [
        edge
        for edge in mined.query.edges
        if variable in (edge.subject, edge.object)
        and not (edge.subject.startswith("?") and edge.object.startswith("?"))
        and edge.predicate not in ("has_phenotype", "subclass_of")
    ]


def named_end(edge: QueryEdge) -> str:
    """Return the named entity of an edge that joins one to a variable."""
    return edge.subject if edge.object.startswith("?") else edge.object


def label_of(mined: Mined) -> str | None:
    """Return the named entity that singles the target out among others like it, if there is one."""
    labels = labels_of(mined, mined.query.target)
    return named_end(labels[0]) if labels else None
