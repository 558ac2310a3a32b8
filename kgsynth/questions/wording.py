"""From mined queries to questions in words: the template writer of stems, kind by kind."""

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions import FORMS, KINDS
from kgsynth.questions.base import Question
from kgsynth.records import Mined, Rejection
from kgsynth.registry import load


def word_question(
    mined: Mined, graph: KnowledgeGraph, seed: int, form: str = "open"
) -> Question | Rejection:
    """Return a query as a question in plain clinical English, or why it cannot be worded.

    Args:
        mined: What a miner yielded.
        graph: The graph it was mined from.
        seed: The seed of the run; the same query and seed give the same words.
        form: How it is to be answered: ``open``, or one of `FORMS`.

    Returns:
        The question, or a rejection: ``leak`` if no wording keeps the answer hidden, or a code of
        the form.

    Raises:
        UsageError: If nothing words this kind of question or makes this form.
    """
    word = load(KINDS, mined.kind, "wording for questions of kind")
    question: Question | Rejection = word(mined, graph, seed)
    if form == "open" or isinstance(question, Rejection):
        return question
    made: Question | Rejection = load(FORMS, form, "form")(question, mined, graph, seed)
    return made
