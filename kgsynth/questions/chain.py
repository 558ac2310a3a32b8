"""Chain questions in words: one variant of each part of the stem, drawn from seed and query.

The variants lie in ``templates/questions/chain.toml``, where their slots are explained, and in a
file beside it for each other file of spines. A spine that has no words there is asked for in
plain relative clauses; see `questions.plain`.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.answers import answer_of
from kgsynth.questions.base import Question, clues_of, question_id
from kgsynth.questions.cases import statements
from kgsynth.questions.chain_plan import chain_stems, plan_of
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.questions.plain import plain_stem
from kgsynth.questions.shares import share_word
from kgsynth.questions.slots import Slots
from kgsynth.records import Mined, Rejection
from kgsynth.seeding import derive_rng

#: How many ways to say it are tried before a stem that gives something away is rejected.
TRIES = 12

GENE_LINK = "gene_associated_with_condition"


def word_chain(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question | Rejection:
    """Return the question in words, or a rejection ``leak`` if every wording gives it away.

    Args:
        mined: A query with its proof.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides the wording.
    """
    name = question_id(mined.query, "open")
    lex, rng = lexicon(graph), derive_rng(seed, "questions", name)
    plan, entities = plan_of(mined)
    hidden, exempt = sorted(set(mined.bound.values())), [entities[at] for at in plan.classes]
    leak = ""
    for attempt in range(TRIES):
        # "Disorder" stands in the names of some findings; "condition" hardly ever does.
        noun = "disorder" if attempt < TRIES // 2 else "condition"
        variant, stem = _stem(mined, graph, noun, rng)
        leak = lex.leaked(stem, hidden, exempt)
        if not leak:
            return _question(mined, graph, name, variant, stem)
    return Rejection(name, "questions", "leak", f"the stem gives {leak!r} away", mined.query)


def _question(mined: Mined, graph: KnowledgeGraph, name: str, variant: str, stem: str) -> Question:
    answers = tuple(answer_of(curie, graph) for curie in mined.answers)
    return Question(
        id=name,
        kind="chain",
        form="open",
        template=f"{mined.template}/{variant}",
        question=stem,
        prompt=f"{stem}\n\n{chain_stems().prompt}",
        answer=lexicon(graph).say(mined.bound[mined.query.target]),
        answers=answers,
    )


def _stem(
    mined: Mined, graph: KnowledgeGraph, noun: str, rng: np.random.Generator
) -> tuple[str, str]:
    """Return the variants drawn, such as ``3.0.2``, and the stem."""
    stems = chain_stems()
    if not plan_of(mined)[0].has_words:
        first = stems.parts["first"]["clued"]
        at = int(rng.integers(len(first)))
        return f"plain.{at}", plain_stem(mined, graph, first[at], noun, rng)
    parts = zip(
        stems.spines[mined.template], _slots(mined, graph, lexicon(graph), rng), strict=True
    )
    drawn, said = _say(parts, stems.parts, noun, rng)
    return ".".join(drawn), " ".join(said)


def word_parts(
    mined: Mined,
    graph: KnowledgeGraph,
    lex: Lexicon,
    own: dict[str, dict[str, list[str]]],
    opening: str,
    noun: str,
    rng: np.random.Generator,
) -> tuple[list[str], str]:
    """Return a chain in the words of a register: the variants drawn, and the stem.

    Args:
        mined: A chain.
        graph: Its graph.
        lex: How entities are called.
        own: The parts of the register, which go before those of the clinician.
        opening: What stands in place of the first part; "" to say that part as usual.
        noun: What a disease is called.
        rng: Decides the rest.
    """
    stems = chain_stems()
    if not plan_of(mined)[0].has_words:
        first = stems.parts["first"]["clued"]
        at = int(rng.integers(len(first)))
        stem = plain_stem(mined, graph, first[at], noun, rng, lex=lex, opening=opening)
        return [f"plain.{at}"], stem
    named = zip(stems.spines[mined.template], _slots(mined, graph, lex, rng), strict=True)
    if opening:
        next(named)
    every = {part: stems.parts.get(part, {}) | own.get(part, {}) for part in stems.parts | own}
    diseases = [variable for variable, _, _ in plan_of(mined)[0].diseases]
    often = {
        part: seen_often(mined, one, graph)
        for part, one in zip(stems.spines[mined.template], diseases, strict=False)
        if mined.query.variables[0].category == "Disease"
    }
    parts = (
        (part, ("often" if often.get(part) and "often" in every[part] else state, slots))
        for part, (state, slots) in named
    )
    drawn, said = _say(parts, every, noun, rng)
    return drawn, " ".join([opening, *said] if opening else said)


def _say(
    parts: Iterable[tuple[str, tuple[str, Slots]]],
    variants: dict[str, dict[str, list[str]]],
    noun: str,
    rng: np.random.Generator,
) -> tuple[list[str], list[str]]:
    """Return the variants drawn and what they say, part by part."""
    drawn, said = [], []
    for part, (state, words) in parts:
        ways = variants[part][state]
        at = int(rng.integers(len(ways)))
        drawn.append(str(at))
        said.append(ways[at].replace("disorder", noun).format_map(words))
    return drawn, said


def _slots(
    mined: Mined, graph: KnowledgeGraph, lex: Lexicon, rng: np.random.Generator
) -> Iterator[tuple[str, Slots]]:
    """Yield the state and the slots of each part: the diseases in order, then the target."""
    plan, entities = plan_of(mined)
    gene = _gene(mined.bound[plan.diseases[0][0]], graph, rng)
    for _, state, places in plan.diseases:
        clues = [entities[places[i]] for i in rng.permutation(len(places)).tolist()]
        yield state, Slots(finds=lex.finds(clues), gene=gene)
    if plan.classes:
        yield "clued", Slots({"class": lex.class_of_findings(entities[plan.classes[0]])})
    elif plan.label is not None:
        yield "labelled", Slots(label=lex.say(entities[plan.label]))
    else:
        yield "bare", Slots()


def seen_often(mined: Mined, variable: str, graph: KnowledgeGraph) -> bool:
    """Whether records say of all findings of a disease that they are seen in many patients."""
    clues = clues_of(mined, variable)
    edges = statements(mined.bound[variable], clues, graph)
    return 0 < len(clues) == len(edges) and all(share_word(edge) for edge in edges)


def _gene(disease: str, graph: KnowledgeGraph, rng: np.random.Generator) -> str:
    """Return how the gene of the first disease is called before it is known."""
    genes = graph.csr(GENE_LINK, "inverse").of(graph.index_of(disease))
    links = chain_stems().gene_links
    link = links[int(rng.integers(len(links)))]
    return f"{'the gene' if len(genes) == 1 else 'one of the genes'} {link} it"
