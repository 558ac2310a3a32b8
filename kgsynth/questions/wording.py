"""From mined queries to questions in words: the template writer of stems, kind by kind."""

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions import FORMS, KINDS, REGISTERS
from kgsynth.questions.base import Question
from kgsynth.questions.forms import FormSettings, form_words
from kgsynth.questions.registers import register_of
from kgsynth.questions.retell import retell
from kgsynth.records import Mined, Rejection
from kgsynth.registry import load


def word_question(
    mined: Mined,
    graph: KnowledgeGraph,
    seed: int,
    form: str = "open",
    settings: FormSettings | None = None,
    register: str = "clinician",
) -> Question | Rejection:
    """Return a query as a question in plain clinical English, or why it cannot be worded.

    Args:
        mined: What a miner yielded.
        graph: The graph it was mined from.
        seed: The seed of the run; the same query and seed give the same words.
        form: How it is to be answered: ``open``, or one of `FORMS`.
        settings: What the form is asked for; None for its defaults.
        register: Who speaks: one of `registers.REGISTERS`, or ``mixed``.

    Returns:
        The question, or a rejection: ``leak`` if no wording keeps the answer hidden, or a code of
        the form.

    Raises:
        UsageError: If nothing words this kind of question, or makes this form of it.
    """
    word = load(KINDS, mined.kind, "wording for questions of kind")
    question: Question | Rejection = word(mined, graph, seed)
    if isinstance(question, Question):
        spoken = register_of(register, seed, mined.pair or question.id)
        if spoken != REGISTERS[0]:
            question = retell(question, mined, graph, seed, spoken)
    if form == "open" or isinstance(question, Rejection) or question.form != "open":
        return question
    if mined.kind in form_words()["open_only"]["kinds"]:
        raise UsageError(f"questions of kind {mined.kind} are asked with --form open only")
    make = load(FORMS, form, "form")
    made: Question | Rejection = make(question, mined, graph, seed, settings or FormSettings())
    return made
