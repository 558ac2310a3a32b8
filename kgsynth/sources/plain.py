"""Texts without what web pages and word processors leave in them."""

import html
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_HARD_SPACE = "\u00a0"
_MARKUP = re.compile(r"</?(?:a|b|i|u|p|br|em|strong|sub|sup|span|font|div|li|ul)\b[^<>]*>", re.I)
_MARKED = r"<[/a-zA-Z]|&[#a-zA-Z][0-9a-zA-Z]*;"
_BLANKS = re.compile(r"[ \t\u00a0]+")


def plain_names(texts: pa.Array) -> pa.Array:
    """Return names with hard spaces made soft."""
    if not np.asarray(pc.match_substring(texts, _HARD_SPACE).fill_null(False)).any():
        return texts
    return pc.replace_substring(texts, _HARD_SPACE, " ")


def plain_texts(texts: pa.Array) -> pa.Array:
    """Return definitions without HTML tags, entities and hard spaces."""
    marked = np.asarray(
        pc.match_substring_regex(texts, f"{_MARKED}|{_HARD_SPACE}").fill_null(False)
    )
    if not marked.any():
        return texts
    plain = texts.to_pylist()
    for at in np.flatnonzero(marked).tolist():
        plain[at] = without_markup(plain[at])
    return pa.array(plain, pa.string())


def without_markup(text: str) -> str:
    """Return a text without HTML tags, entities and hard spaces.

    Example:
        >>> without_markup("the <a href='x'>B complex</a>&nbsp;&amp; more, 3 < 4")
        'the B complex & more, 3 < 4'
    """
    return _BLANKS.sub(" ", html.unescape(_MARKUP.sub("", text))).strip()
