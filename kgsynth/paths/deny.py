"""Drawing conjunctions that denials decide: findings that two diseases share, and what one lacks.

Without its denied clues such a question has another answer: a *double* that has all its findings,
and on record what the answer is denied to have.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, Int64, count_word, has, in_row, lowest_bit
from kgsynth.paths.clues import below, few, fill_all, fits_set, take
from kgsynth.paths.desk import Desk, fold, lay_out, order_clues, settle
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.kinship import gives_away, kin
from kgsynth.paths.tables import Tables


class Denials(NamedTuple):
    """What sources deny, in a graph of n nodes.

    Attributes:
        stated: Ragged; the findings that each node is firmly denied to have; whatever lies below
            one is denied too.
        fit: shape (n,); whether a finding may be denied in a question.
    """

    stated: Int32
    fit: NDArray[np.bool_]


#: Doubles looked at; the one that shares most findings is taken.
DOUBLES = 16


@entry
def draw_exclusions(
    t: Tables,
    desk: Desk,
    d: Denials,
    diseases: Int32,
    seeds: Bits,
    margin: np.int64,
    most: np.int64,
    draws: np.int64,
    clues: Int32,
    sizes: Int64,
    positives: Int64,
) -> None:
    """Draw one minimal conjunction that denials decide for each disease.

    Args:
        t: The tables.
        desk: Scratch.
        d: What is denied.
        diseases: shape (m,); the nodes to pin.
        seeds: shape (m,); one seed each.
        margin: How many clues every other disease must fail; as many are denied ones.
        most: How many clues there may be.
        draws: Sets tried for each.
        clues: shape (m, MOST_CLUES); receives the findings, those denied last.
        sizes: shape (m,); receives how many there are, 0 where no draw did.
        positives: shape (m,); receives how many of them are not denied.
    """
    for i in range(len(diseases)):
        desk.state[0] = seeds[i]
        sizes[i] = 0
        for _ in range(draws):
            k = _draw(t, desk, d, diseases[i], margin, most, clues[i])
            if k > 0:
                _denied_last(clues[i], k, margin)
                positives[i] = k - margin
                order_clues(t, clues[i], np.int64(0), k - margin)
                order_clues(t, clues[i], k - margin, k)
                sizes[i] = k
                break


@kernel
def _draw(
    t: Tables,
    desk: Desk,
    d: Denials,
    disease: np.int64,
    margin: np.int64,
    most: np.int64,
    chosen: Int32,
) -> np.int64:
    """Draw a double, what it has and the disease is denied, and what they share; else return 0."""
    double = _draw_double(t, desk, d, disease, margin)
    if double < 0 or _draw_denied(t, desk, d, disease, double, margin, chosen) < margin:
        return 0
    fill_all(t.sets, desk.miss, margin + 1)
    for c in range(margin):
        fold(desk.miss, desk.loose[c], margin)
    size, k, least = _fill_shared(t, desk, disease, double), margin, max(margin, np.int64(2))
    while size > 0 and k < most:
        at = min(below(desk.state, size), below(desk.state, size))
        clue = take(desk.pool, size, at)
        size -= 1
        if not fits_set(t.kin, chosen, k, clue) or gives_away(t.words, clue, disease):
            continue
        if not fold(desk.miss, t.sets.liberal[t.sets.row[clue]], margin):
            continue
        lay_out(t.sets, desk, k, clue, False)
        chosen[k] = clue
        k += 1
        if k - margin >= least and few(desk.miss[margin - 1]) == 1:
            k = settle(t.sets, desk, chosen, k, margin, np.int64(1), margin)
            return k if k - margin >= least else np.int64(0)
    return 0


@kernel
def _draw_double(
    t: Tables, desk: Desk, d: Denials, disease: np.int64, margin: np.int64
) -> np.int64:
    """Return one of those that have what the disease is denied, and much else of it; else -1."""
    size = np.int64(0)
    having = desk.miss[0]
    for w in range(len(having)):
        word = np.uint64(0)
        for i in range(d.stated[disease], d.stated[disease + 1]):
            row = t.sets.row[d.stated[i]]
            if row >= 0:
                word |= t.sets.strict[row, w]
        having[w] = word
        size += count_word(word)
    best, double = np.int64(1), np.int64(-1)
    for _ in range(min(size, np.int64(DOUBLES))):
        node = t.sets.node[_pick(having, below(desk.state, size))]
        if t.variable[node] and not kin(t.kin, node, disease):
            shared = _fill_shared(t, desk, disease, node)
            if shared > best and _fill_denied(t, desk, d, disease, node) >= margin:
                best, double = shared, np.int64(node)
    return double


@kernel
def _draw_denied(
    t: Tables,
    desk: Desk,
    d: Denials,
    disease: np.int64,
    double: np.int64,
    margin: np.int64,
    chosen: Int32,
) -> np.int64:
    """Draw denied findings, one for each clue of the margin; return how many there are."""
    size, k = _fill_denied(t, desk, d, disease, double), np.int64(0)
    while size > 0 and k < margin:
        # The better of two: what a source denies in so many words comes first.
        at = min(below(desk.state, size), below(desk.state, size))
        clue = take(desk.pool, size, at)
        size -= 1
        if fits_set(t.kin, chosen, k, clue) and not gives_away(t.words, clue, disease):
            lay_out(t.sets, desk, k, clue, True)
            chosen[k] = clue
            k += 1
    return k


@kernel
def _fill_denied(
    t: Tables, desk: Desk, d: Denials, disease: np.int64, double: np.int64
) -> np.int64:
    """Fill the pool with what the double surely has and the disease is denied to have.

    That is what a source denies, and typical findings of the double below such a term.
    """
    size, sets = np.int64(0), t.sets
    number, own = sets.number[double], sets.number[disease]
    for i in range(d.stated[disease], d.stated[disease + 1]):
        clue = d.stated[i]
        if size < len(desk.pool) and d.fit[clue] and has(sets.strict[sets.row[clue]], number):
            desk.pool[size] = clue
            size += 1
    for k in range(t.pool[double], t.pool[double + 1]):
        clue = t.pool[k]
        row = sets.row[clue]
        if size == len(desk.pool) or not d.fit[clue] or has(sets.liberal[row], own):
            continue
        for i in range(d.stated[disease], d.stated[disease + 1]):
            if in_row(t.kin.ancestors, clue, d.stated[i]) and has(sets.strict[row], number):
                desk.pool[size] = clue
                size += 1
                break
    return size


@kernel
def _pick(bits: Bits, at: np.int64) -> np.int64:
    """Return the member of a set at a place."""
    for w in range(len(bits)):
        word = bits[w]
        size = count_word(word)
        if at < size:
            for _ in range(at):
                word &= word - np.uint64(1)
            return 64 * w + lowest_bit(word)
        at -= size
    return np.int64(-1)


@kernel
def _fill_shared(t: Tables, desk: Desk, disease: np.int64, double: np.int64) -> np.int64:
    """Fill the pool with what a disease may be known by and its double surely has too."""
    size, sets = np.int64(0), t.sets
    for i in range(t.pool[disease], t.pool[disease + 1]):
        clue = t.pool[i]
        if has(sets.strict[sets.row[clue]], sets.number[double]):
            desk.pool[size] = clue
            size += 1
    return size


@kernel
def _denied_last(clues: Int32, k: np.int64, denied: np.int64) -> None:
    """Move the denied clues, which were drawn first, behind the others."""
    for _ in range(denied):
        first = clues[0]
        for i in range(k - 1):
            clues[i] = clues[i + 1]
        clues[k - 1] = first
