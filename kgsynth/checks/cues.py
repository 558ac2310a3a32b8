"""Cue words, looked for once in all clauses that read the same.

What a clause says around its mentions ("… is recorded for six disorders; of these") comes again in
row after row. So whether a cue is there at all is remembered by the clause's words, every mention
in them one blank; only where a rule needs the place of a cue that is there is it looked for again.
"""

import re

from kgsynth.memo import Memo

#: What stands in place of each letter of a mention when cues are looked for.
BLANK = "\x00"

_BLANKS = re.compile(BLANK + "{2,}")


class Cue(Memo[str, bool]):
    """Whether a pattern is found in a text, by text."""

    __slots__ = ()

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__(lambda text: pattern.search(text) is not None, 1 << 14)


def plain(text: str) -> str:
    """Return a clause with each mention as one blank."""
    return _BLANKS.sub(BLANK, text)
