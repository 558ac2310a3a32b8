"""Rows made by hand, with real medicine in them, for tests that need no graph and no run.

`make_row` words one of three chains; any entity may be replaced to get as many different rows as
a test wants. The facts are those of HPO annotations 2025-01-16.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kgsynth.records import (
    Answer,
    Binding,
    Candidate,
    Difficulty,
    EntityRef,
    Evidence,
    ProofStep,
    Provenance,
    Query,
    QueryEdge,
    Rarity,
    Rival,
    Row,
    RowEdge,
    TraceStep,
    Variable,
    Verdict,
)
from kgsynth.seeding import content_id

Named = tuple[str, str]


@dataclass(frozen=True)
class Chain:
    """Findings point to a disease, it to a gene, that to another disease, that to the answer."""

    clues: tuple[Named, ...]
    first: Named
    gene: Named
    more: tuple[Named, ...]
    other: Named
    predicate: str
    answer: Named
    category: str
    aliases: tuple[str, ...]
    asks: str


PARALYSIS = Chain(
    clues=(
        ("HP:0003752", "Episodic flaccid weakness"),
        ("HP:0002486", "Myotonia"),
        ("HP:0003326", "Myalgia"),
        ("HP:0002380", "Fasciculations"),
    ),
    first=("MONDO:0008224", "Hyperkalemic periodic paralysis"),
    gene=("NCBIGene:6329", "SCN4A"),
    more=(
        ("HP:0001488", "Bilateral ptosis"),
        ("HP:0012378", "Fatigue"),
        ("HP:0001558", "Decreased fetal movement"),
    ),
    other=("MONDO:0957247", "Congenital myopathy 22A, classic"),
    predicate="has_mode_of_inheritance",
    answer=("HP:0000007", "Autosomal recessive inheritance"),
    category="GeneticInheritance",
    aliases=("Autosomal recessive", "Recessive inheritance"),
    asks="How is that other disorder inherited?",
)

JOUBERT = Chain(
    clues=(
        ("HP:0002419", "Molar tooth sign on MRI"),
        ("HP:0000337", "Broad forehead"),
        ("HP:0002395", "Lower limb hyperreflexia"),
    ),
    first=("MONDO:0014928", "Joubert syndrome 28"),
    gene=("NCBIGene:54903", "MKS1"),
    more=(
        ("HP:0000510", "Rod-cone dystrophy"),
        ("HP:0007737", "Bone spicule pigmentation of the retina"),
    ),
    other=("MONDO:0014441", "Bardet-Biedl syndrome 13"),
    predicate="has_phenotype",
    answer=("HP:0007843", "Attenuation of retinal blood vessels"),
    category="PhenotypicFeature",
    aliases=("Attenuated retinal vessels", "Retinal vessel attenuation"),
    asks="Which abnormality of the retinal vessels does that other disorder show?",
)

CHAINS = (PARALYSIS, JOUBERT)
_HPOA = Evidence("hpoa", "v2025-01-16", "HPO", "PMID:36090556", "PCS")
_GENES = Evidence("hpo-genes", "v2025-01-16", "HPO")


def make_row(chain: Chain = PARALYSIS, **changes: Any) -> Row:
    """Return an accepted row about a chain.

    Args:
        chain: What it asks about; `dataclasses.replace` one of `CHAINS` to vary it.
        **changes: Fields of the row to set afterwards; the id stays that of the chain.
    """
    query = _query(chain)
    edges = _edges(chain)
    question = _question(chain)
    trace = _trace(chain, edges)
    row = Row(
        id=content_id("kgs", [dataclasses.asdict(query), chain.first, chain.gene, chain.other]),
        kind="chain",
        form="open",
        hops=4,
        prompt=f"{question}\n\nReason step by step, then give the answer alone on the last line.",
        question=question,
        answer=chain.answer[1].lower(),
        answer_key="",
        answers=(Answer(*chain.answer, chain.aliases),),
        options=(),
        candidate=Candidate(),
        pair="",
        query=query,
        bindings=(
            Binding("?d1", chain.first[0]),
            Binding("?g", chain.gene[0]),
            Binding("?d2", chain.other[0]),
            Binding("?a", chain.answer[0]),
        ),
        steps=_steps(chain),
        cypher="MATCH (d1:Disease) RETURN DISTINCT a.id AS answer",
        cypher_view="MATCH p = (d1:Disease)-->() RETURN p",
        sparql="",
        edges=edges,
        entities=_entities(chain),
        trace=trace,
        reasoning="\n".join([*(step.text for step in trace), f"Answer: {chain.answer[1].lower()}"]),
        verdict=Verdict(True, "none", ("parse", "grounding"), (), ("supported",) * 4),
        difficulty=Difficulty(0.62, 4, len(chain.clues) + len(chain.more), 6, 41.5),
        rarity=Rarity(0.875, chain.other[0]),
        provenance=Provenance(
            writer="template",
            model="",
            sampling="",
            seed=0,
            graph="sha256:0",
            kgsynth="0.1.0",
            template="chain-dgda",
            sources=("hpo-genes@v2025-01-16", "hpoa@v2025-01-16"),
            licenses=("HPO",),
        ),
    )
    return dataclasses.replace(row, **changes)


def make_rows(count: int) -> list[Row]:
    """Return that many different rows: numbered diseases, genes and findings, no shared edge."""
    return [make_row(numbered(PARALYSIS, number)) for number in range(count)]


def numbered(chain: Chain, number: int, **changes: Any) -> Chain:
    """Return a chain with diseases and gene of its own, told apart by a number."""
    return dataclasses.replace(
        chain,
        first=(f"MONDO:8{number:06d}", f"First disorder {number}"),
        gene=(f"NCBIGene:9{number:06d}", f"GENE{number}"),
        other=(f"MONDO:9{number:06d}", f"Other disorder {number}"),
        **changes,
    )


def _query(chain: Chain) -> Query:
    return Query(
        target="?a",
        variables=(
            Variable("?d1", "Disease"),
            Variable("?g", "Gene"),
            Variable("?d2", "Disease"),
            Variable("?a", chain.category),
        ),
        edges=(
            *(QueryEdge("?d1", "has_phenotype", clue) for clue, _ in chain.clues),
            QueryEdge("?g", "gene_associated_with_condition", "?d1"),
            QueryEdge("?g", "gene_associated_with_condition", "?d2"),
            *(QueryEdge("?d2", "has_phenotype", clue) for clue, _ in chain.more),
            QueryEdge("?d2", chain.predicate, "?a"),
        ),
        spine=(chain.clues[0][0], "?d1", "?g", "?d2", "?a"),
    )


def _steps(chain: Chain) -> tuple[ProofStep, ...]:
    first = tuple(range(len(chain.clues)))
    later = tuple(len(first) + 2 + index for index in range(len(chain.more)))
    return (
        ProofStep(
            ("?d1",),
            first,
            (6,) + (1,) * (len(first) - 1),
            2,
            (Rival("MONDO:0008195", (0, 2)), Rival("MONDO:0007906", (0, 1))),
        ),
        ProofStep(
            ("?g", "?d2"),
            later,
            (2,) + (1,) * (len(later) - 1),
            2,
            (Rival("MONDO:0013620", later[-2:]),),
        ),
        ProofStep(("?a",), (), (), 0, ()),
    )


def _edges(chain: Chain) -> tuple[RowEdge, ...]:
    gene, first, other = chain.gene[0], chain.first[0], chain.other[0]
    linked = "gene_associated_with_condition"
    return (
        *(_edge(first, "has_phenotype", clue, "HP:0040282") for clue, _ in chain.clues),
        _edge(gene, linked, first, evidence=(_GENES,)),
        _edge(gene, linked, other, evidence=(_GENES,)),
        *(_edge(other, "has_phenotype", clue, "4/6") for clue, _ in chain.more),
        _edge(other, chain.predicate, chain.answer[0]),
    )


def _edge(
    subject: str,
    predicate: str,
    object_: str,
    frequency: str = "",
    evidence: Sequence[Evidence] = (_HPOA,),
) -> RowEdge:
    edge_id = content_id("e", [subject, predicate, object_]).replace(":", "")[:13]
    return RowEdge(edge_id, subject, predicate, object_, False, frequency, "", "", tuple(evidence))


def _entities(chain: Chain) -> tuple[EntityRef, ...]:
    findings = [EntityRef(*clue, "PhenotypicFeature") for clue in (*chain.clues, *chain.more)]
    return (
        *findings,
        EntityRef(*chain.first, "Disease"),
        EntityRef(*chain.gene, "Gene"),
        EntityRef(*chain.other, "Disease"),
        EntityRef(*chain.answer, chain.category),
        EntityRef("MONDO:0008195", "Paramyotonia congenita of Von Eulenburg", "Disease"),
    )


def _question(chain: Chain) -> str:
    return (
        f"A patient has {_listed(chain.clues)}, which together point to one disorder. Variants in "
        "the gene associated with it are also recorded for other disorders. One of these shows "
        f"{_listed(chain.more)}. {chain.asks}"
    )


def _trace(chain: Chain, edges: Sequence[RowEdge]) -> tuple[TraceStep, ...]:
    ids = [edge.id for edge in edges]
    near, far = len(chain.clues), len(chain.clues) + 1
    first, gene, other, answer = (
        item[1] for item in (chain.first, chain.gene, chain.other, chain.answer)
    )
    steps = (
        (f"Of all disorders only {first} has {_listed(chain.clues)}.", ids[:near], first),
        (f"{first} is associated with {gene}.", ids[near:far], gene),
        (
            f"Among the other disorders of {gene} only {other} has {_listed(chain.more)}.",
            ids[far:-1],
            other,
        ),
        (f"{other} is recorded with {answer.lower()}.", ids[-1:], answer),
    )
    about = ((chain.first,), (chain.first, chain.gene), (chain.gene, chain.other), (chain.answer,))
    return tuple(
        TraceStep(text, tuple(cited), tuple(item[0] for item in named), "", concluded)
        for (text, cited, concluded), named in zip(steps, about, strict=True)
    )


def _listed(findings: Sequence[Named]) -> str:
    """Return findings as a clinician lists them: "ptosis, fatigue and myalgia"."""
    words = [name if name.endswith("MRI") else name.lower() for _, name in findings]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
