"""Randomness that a run can repeat: every draw comes from (seed, stage, record).

Neighbouring seeds share nothing, whatever the order in which records arrive. The global
generators are never touched.
"""

import hashlib
import json
from json.encoder import encode_basestring

import numpy as np

# Made once: `json.dumps` makes one at each call.
_CONTENT = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def derive_seed(seed: int, *labels: str) -> int:
    """Return an unsigned 64-bit seed for one stage and one record.

    Args:
        seed: The seed of the run; any integer.
        *labels: What the seed is for, such as ``"paths"`` and a record's id.

    Returns:
        The first eight bytes of SHA-256 over the seed and the labels, in [0, 2**64).

    Example:
        >>> derive_seed(0, "paths") == derive_seed(0, "paths")
        True
        >>> derive_seed(0, "paths") == derive_seed(1, "paths")
        False
    """
    # What `json.dumps` makes of the list, a few times as fast.
    text = f"[{', '.join([str(seed), *map(encode_basestring, labels)])}]"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def derive_rng(seed: int, *labels: str) -> np.random.Generator:
    """Return a generator of its own for one stage and one record; see `derive_seed`."""
    # What `default_rng` returns, without its look at what it was given.
    return np.random.Generator(np.random.PCG64(derive_seed(seed, *labels)))


def content_id(prefix: str, content: object) -> str:
    """Return an identifier made from a record's content: prefix, colon, 16 hex digits.

    Args:
        prefix: What kind of record it is, such as ``"kgs"``.
        content: Anything that JSON can hold; the order of keys does not matter.

    Example:
        >>> content_id("kgs", {"b": 1, "a": 2}) == content_id("kgs", {"a": 2, "b": 1})
        True
    """
    return text_id(prefix, content_text(content))


def content_text(content: object) -> str:
    """Return a record's content as the JSON that `content_id` is made from."""
    return _CONTENT.encode(content)


def text_id(prefix: str, text: str) -> str:
    """Return the identifier of a content, given its JSON; see `content_id`."""
    return f"{prefix}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
