"""Which edges only a machine proposed: no question may rest on them, and none may ignore them.

Such an edge is marked `contested`, which is just what it is to a question: it may be true, so it
admits rivals; it may be false, so it rules none out.
"""

import numpy as np
import pyarrow.compute as pc

from kgsynth.graph.columns import Bool
from kgsynth.graph.stated import Statements
from kgsynth.graph.unite import Edges

#: The last word of an evidence code that says that a machine proposed the statement.
WORDS = ("automaxo",)


def machine_made(statements: Statements, edges: Edges) -> Bool:
    """Return the edges all of whose evidence is machine-made.

    Example:
        A treatment that ``automaxo`` proposes and no curator of MAxO states.
    """
    codes, words = statements.texts["code"]
    is_machine = np.asarray(pc.match_substring_regex(words, rf"\b({'|'.join(WORDS)})$"))
    if not is_machine.any():
        return np.zeros(len(edges), dtype=np.bool_)
    found: Bool = np.logical_and.reduceat(is_machine[codes[edges.order]], edges.start[:-1])
    return found
