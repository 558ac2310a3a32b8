"""The answer of a question in words, with the other words in which it may be given."""

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import Answer

#: A short word that in answers means one mode only; X-linked ones are always called so.
_SHORT_MODES = {"autosomal recessive": "recessive", "autosomal dominant": "dominant"}


def answer_of(curie: str, graph: KnowledgeGraph) -> Answer:
    """Return an answer with its aliases: the spelling of the text, synonyms, short forms.

    Aliases are in ordinary spelling, without those that differ in case only, in the order of the
    graph. Codes ("biallelic_autosomal") are none.
    """
    node = graph.node(curie)
    spellings = [lexicon(graph).say(curie), *graph.surfaces(curie)]
    if node.category == "GeneticInheritance":
        spellings += _modes(spellings)
    seen = {node.name.casefold()}
    aliases = []
    for text in spellings:
        if "_" not in text and text.casefold() not in seen:
            seen.add(text.casefold())
            aliases.append(text)
    return Answer(node.id, node.name, tuple(aliases))


def _modes(spellings: list[str]) -> list[str]:
    """Return modes of inheritance without the word inheritance, and shorter still."""
    plain = [text.removesuffix(" inheritance") for text in spellings]
    return plain + [_SHORT_MODES[text] for text in plain if text in _SHORT_MODES]
