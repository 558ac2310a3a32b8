"""The fit spines of a template: walked all, or an even part of them where there are too many."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths import mining
from kgsynth.paths.order import mix
from kgsynth.paths.program import Program
from kgsynth.paths.scratch import Scratch
from kgsynth.paths.tables import Tables

#: Spines that a template is mined for. Over a hub, such as from one disorder by its mode of
#: inheritance to another, lead tens of millions; a run needs a few thousand.
MOST_SPINES = 2_000_000

#: Entities that are begun with at a time, where only a part of the spines is kept.
CHUNK = 256

Int32 = NDArray[np.int32]


def fit_spines(
    program: Program, tables: Tables, pool: Int32, scratch: Scratch, most: int = MOST_SPINES
) -> Int32:
    """Return the spines that keep the rules G and H: shape (spines, variables).

    Args:
        program: The template.
        tables: With the template's clues.
        pool: Ragged; the findings that diseases may be known by.
        scratch: Room.
        most: If there are more, each is kept with the same chance, so that hardly more remain.
    """
    n = program.n
    pooled = np.diff(tables.pool[: n + 1]) >= int(program.margins[0])
    starts = np.flatnonzero(tables.variable & pooled).astype(np.int32)
    if len(program.pins) == 1:
        return starts[np.isin(starts, program.members[slice(*program.members[:2])])][:, None]
    links = _walkable(program, pool)

    def walk(starts: Int32, out: Int32, *, fill: bool) -> int:
        return int(mining.enumerate_spines(program, tables, starts, links, scratch.walk, fill, out))

    none = np.zeros((0, len(program.pins)), np.int32)
    count = walk(starts, none, fill=False)
    chunks = [starts] if count <= most else np.split(starts, range(CHUNK, len(starts), CHUNK))
    kept = []
    for chunk in chunks:
        spines = np.empty((walk(chunk, none, fill=False), len(program.pins)), np.int32)
        walk(chunk, spines, fill=True)
        # By lot, but by the same one for every seed: the spines are kept between runs.
        kept.append(spines if count <= most else spines[mix(spines, 0) < most / count * 2.0**64])
    return np.concatenate([none, *kept])


def _walkable(program: Program, pool: Int32) -> NDArray[np.bool_]:
    """Say which statements a spine may walk: a finding asked for must be fit as a clue."""
    links = np.ones(len(program.strict), np.bool_)
    if program.by_class:
        n, legs = program.n, len(program.pins) - 1
        begins = program.strict[(legs - 1) * n : legs * n + 1]
        stated = _pairs(begins, program.strict[begins[0] :])
        links[begins[0] :] = np.isin(stated, _pairs(pool[: n + 1], pool[n + 1 :]))
    return links


def _pairs(begins: Int32, values: Int32) -> NDArray[np.int64]:
    """Return the rows of a ragged table as numbers ``row << 32 | value``."""
    rows = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    return rows << 32 | values
