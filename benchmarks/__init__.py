"""Benchmarks, each beside the peer or the goal it is held against: ``make bench``.

One file for each, with a function ``measure(setting) -> Iterator[Result]`` and one line in
`benchmarks.run`. Peers run in the same session, in alternation, and medians are compared.
"""
