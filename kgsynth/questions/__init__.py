"""Queries into questions: the words of a stem, decided by data in ``templates/questions``.

A kind of question is one file with a function ``word(mined, graph, seed)`` and one line in `KINDS`;
a form one file with a function ``(question, mined, graph, seed, settings)`` and one line in
`FORMS`.
"""

#: The wording of each kind of question, as ``module:function``, loaded on use.
KINDS: dict[str, str] = {
    "chain": "kgsynth.questions.chain:word_chain",
    "differential": "kgsynth.questions.differential:word_differential",
    "intersection": "kgsynth.questions.intersection:word_intersection",
    "exclusion": "kgsynth.questions.exclusion:word_exclusion",
    "list": "kgsynth.questions.listing:word_list",
    "dual": "kgsynth.questions.dual:word_dual",
    "comparison": "kgsynth.questions.comparison:word_comparison",
}

#: Kinds that have one form, which is part of what they ask.
OWN_FORMS: dict[str, str] = {
    "dual": "yes_no",
    "comparison": "open",
    "list": "open",
}


def own_form(kind: str) -> str:
    """Return in words which one form a kind has."""
    return f"questions of kind {kind} are {OWN_FORMS[kind]}"


#: Forms beside ``open``: what makes an open question into one with options, or a yes-or-no one.
FORMS: dict[str, str] = {
    "choice": "kgsynth.questions.choice:make_choice",
    "yes_no": "kgsynth.questions.yes_no:make_yes_no",
}

#: Who speaks in a question; the words of the first stand in the files of the kinds.
REGISTERS: tuple[str, ...] = ("clinician", "patient", "exam")

#: What a run may be asked for beside these: one of them for each question, by lot.
MIXED = "mixed"
