"""Miners: they walk the graph and yield queries with their proofs.

A miner is one file with a function ``mine(graph, settings, seed)`` and one line in `MINERS`.
"""

#: Miners by question kind, as ``module:function``, loaded on use.
MINERS: dict[str, str] = {"chain": "kgsynth.paths.chain:mine_paths"}
