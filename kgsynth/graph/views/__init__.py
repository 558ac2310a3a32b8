"""The graph as others read it: files of other formats, and objects of other libraries.

To add a view write ``views/<name>.py`` with a function ``write`` (see `base.Writer`) and one line
here.
"""

#: Name of a view -> its writer, imported on use, and what it is, for ``graph export --help``.
VIEWS: dict[str, tuple[str, str]] = {
    "kgx-tsv": ("kgsynth.graph.views.kgx:write_tsv", "KGX tables: nodes.tsv and edges.tsv"),
    "kgx-jsonl": ("kgsynth.graph.views.kgx:write_jsonl", "KGX as JSON Lines; holds every label"),
    "graphml": ("kgsynth.graph.views.graphml:write", "GraphML, for networkx, Gephi, Cytoscape"),
    "turtle": ("kgsynth.graph.views.rdf:turtle", "RDF as Turtle, for people and SPARQL"),
    "ntriples": ("kgsynth.graph.views.rdf:ntriples", "RDF as N-Triples, for bulk loading"),
    "arrow": ("kgsynth.graph.views.arrow:write", "Arrow (Feather) tables, for pandas and polars"),
}
