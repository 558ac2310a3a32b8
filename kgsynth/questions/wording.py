"""From mined queries to questions in words: the template writer of stems."""

from collections.abc import Callable

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.chain import word_chain
from kgsynth.records import Mined, Rejection

#: The wording of each kind of question; a kind is the part of a template's name before the hyphen.
KINDS: dict[str, Callable[[Mined, KnowledgeGraph, int], Question | Rejection]] = {
    "chain": word_chain,
}


def word_question(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question | Rejection:
    """Return a query as a question in plain clinical English, or why it cannot be worded.

    Args:
        mined: What a miner yielded.
        graph: The graph it was mined from.
        seed: The seed of the run; the same query and seed give the same words.

    Returns:
        The question, or a rejection with code ``leak`` if no wording keeps the answer hidden.

    Raises:
        UsageError: If nothing words this kind of question.
    """
    kind = mined.template.split("-", 1)[0]
    word = KINDS.get(kind)
    if word is None:
        raise UsageError(f"no wording for questions of kind {kind!r}; known: {', '.join(KINDS)}")
    return word(mined, graph, seed)
