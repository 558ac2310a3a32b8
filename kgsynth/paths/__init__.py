"""Miners: they walk the graph and yield queries with their proofs.

A miner is one file with a function that takes ``(graph, settings, seed, n, refuse)`` as
`chain.mine_paths` does, and one line in `MINERS`.
"""

#: Miners by question kind, as ``module:function``, loaded on use.
MINERS: dict[str, str] = {
    "chain": "kgsynth.paths.chain:mine_paths",
    "differential": "kgsynth.paths.differential:mine_differentials",
    "intersection": "kgsynth.paths.intersection:mine_intersections",
    "exclusion": "kgsynth.paths.exclusion:mine_exclusions",
    "list": "kgsynth.paths.listing:mine_lists",
    "dual": "kgsynth.paths.dual:mine_duals",
    "comparison": "kgsynth.paths.comparison:mine_comparisons",
}

#: Miners of chains by name, likewise; what they yield may be numbers still (see `found`).
CHAIN_MINERS: dict[str, str] = {
    "spread": "kgsynth.paths.chain:find_paths",
    "longest": "kgsynth.paths.longest:mine_longest",
}
