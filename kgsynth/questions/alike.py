"""When two findings say nearly the same: nobody should be asked to tell one from the other.

They share a name but for the side that is affected and for words of one meaning ("facial diplegia",
"bilateral facial palsy"), or their ontology matches both to one entry elsewhere (``close_match``).
The words stand in ``templates/words/alike.toml``.
"""

import tomllib
from functools import cache

from kgsynth.phrasing import words
from kgsynth.resources import data_file


@cache
def _table() -> tuple[frozenset[str], dict[str, str]]:
    """Return the words that say nothing here, and what each other word is put down to."""
    table = tomllib.loads(data_file("templates", "words", "alike.toml").read_text("utf-8"))
    lines = [line.split() for line in table["groups"]]
    plain = frozenset(f"{table['sides']} {table['fillers']}".split())
    return plain, {word: line[0] for line in lines for word in line}


@cache
def sense(text: str) -> str:
    """Return what a name of a finding says: its telling words, each put down to one, sorted.

    Example:
        >>> sense("Facial paresis, bilateral"), sense("Bilateral facial muscle weakness")
        ('facial weakness', 'facial weakness')
        >>> sense("Right ventricular hypertrophy") == sense("Left ventricular hypertrophy")
        False
    """
    plain, groups = _table()
    told = (word for word in words(text) if word not in plain)
    single = ((word, _singular(word)) for word in told)
    return " ".join(sorted({groups.get(word) or groups.get(one, one) for word, one in single}))


def _singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
