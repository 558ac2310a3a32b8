"""Who has all of some findings, who is left after each of them, and who fails the fewest."""

import numpy as np

from kgsynth.paths.bits import Bits, Int32, Int64, count, has, lowest_bit
from kgsynth.paths.clues import fill_all
from kgsynth.paths.desk import Desk, fold, lay_out
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.proof import NEAREST
from kgsynth.paths.tables import Sets, Tables


@entry
def prove_conjunctions(
    t: Tables,
    desk: Desk,
    clues: Int32,
    sizes: Int64,
    positives: Int64,
    left: Int32,
    rivals: Int32,
    masks: Int32,
    members: Int32,
) -> None:
    """Count what each clue leaves, list who is left, and find who fails the fewest clues.

    Args:
        t: The tables.
        desk: Scratch.
        clues: shape (m, MOST_CLUES); the findings, those denied last.
        sizes: shape (m,); how many clues there are.
        positives: shape (m,); how many of them are not denied.
        left: shape of ``clues``; receives the diseases left after each clue.
        rivals: shape (m, NEAREST); receives the nearest others, -1 after the last.
        masks: shape of ``rivals``; receives the clues that each fails, as bits.
        members: shape (m, most members); receives who is left, ascending by node, -1 after.
    """
    for i in range(len(clues)):
        k = sizes[i]
        for c in range(k):
            lay_out(t.sets, desk, c, clues[i, c], c >= positives[i])
        fill_all(t.sets, desk.miss, k)
        for c in range(k):
            fold(desk.miss, desk.loose[c], k - 1)
            left[i, c] = count(desk.miss[0])
        _list_members(t.sets, desk.miss[0], members[i])
        find_nearest(t.sets, desk, k, rivals[i], masks[i])


@kernel
def _list_members(sets: Sets, left: Bits, members: Int32) -> None:
    members[:] = -1
    found = np.int64(0)
    for w in range(len(left)):
        word = left[w]
        while word and found < len(members):
            members[found] = sets.node[64 * w + lowest_bit(word)]
            found += 1
            word &= word - np.uint64(1)


@kernel
def find_nearest(sets: Sets, desk: Desk, k: np.int64, rivals: Int32, masks: Int32) -> None:
    """Find who fails the fewest clues and at least one: those for whom all hold are answers."""
    rivals[:] = -1
    found = np.int64(0)
    for failed in range(1, k):
        for w in range(desk.miss.shape[1]):
            word = desk.miss[failed, w] & ~desk.miss[failed - 1, w]
            while word:
                number = 64 * w + lowest_bit(word)
                word &= word - np.uint64(1)
                rivals[found] = sets.node[number]
                masks[found] = 0
                for c in range(k):
                    if not has(desk.loose[c], number):
                        masks[found] |= 1 << c
                found += 1
                if found == NEAREST:
                    return


def digest_of(sets: Sets) -> Bits:
    """Return which words of each row hold anybody, as bits: shape (nt, words / 64 rounded up).

    Most findings are those of few diseases: rows whose digests share nothing share nobody.
    """
    filled = sets.liberal != 0
    padding = -filled.shape[1] % 64
    padded = np.pad(filled, ((0, 0), (0, padding)))
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


@entry
def answer_conjunctions(
    sets: Sets, digest: Bits, queries: Int32, sizes: Int64, members: Int32
) -> None:
    """Find who has all of some findings, for many queries at once.

    Args:
        sets: The sets.
        digest: Of the sets, see `digest_of`.
        queries: shape (m, k); findings that somebody has.
        sizes: shape (m,); receives how many diseases have all of them, by closure.
        members: shape (m, most); receives them, ascending by node, as many as there is room for.
    """
    for i in range(len(queries)):
        size = np.int64(0)
        for part in range(digest.shape[1]):
            common = ~np.uint64(0)
            for c in range(queries.shape[1]):
                common &= digest[sets.row[queries[i, c]], part]
            while common:
                w = 64 * part + lowest_bit(common)
                common &= common - np.uint64(1)
                word = ~np.uint64(0)
                for c in range(queries.shape[1]):
                    word &= sets.liberal[sets.row[queries[i, c]], w]
                while word:
                    if size < members.shape[1]:
                        members[i, size] = sets.node[64 * w + lowest_bit(word)]
                    size += 1
                    word &= word - np.uint64(1)
        sizes[i] = size
