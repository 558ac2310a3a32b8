"""Stage 1: files become columns of entities and statements; one file for each source.

To add a source write ``sources/<name>.py`` with a function ``load`` (see `base`), a manifest
``ontologies/<name>.toml`` and one line here.
"""

#: Name of a source -> its loader, imported on use. The order is the order of loading.
SOURCES: dict[str, str] = {
    "hpo": "kgsynth.sources.obo:load",
    "hpoa": "kgsynth.sources.hpoa:load",
    "hpo-genes": "kgsynth.sources.hpo_genes:load",
    "mondo": "kgsynth.sources.mondo:load",
    "orphanet": "kgsynth.sources.orphanet:load",
    "mondo-omim": "kgsynth.sources.sssom:load",
    "mondo-orphanet": "kgsynth.sources.sssom:load",
    "mondo-doid": "kgsynth.sources.sssom:load",
    "mondo-mesh": "kgsynth.sources.sssom:load",
    "mondo-gard": "kgsynth.sources.sssom:load",
    "sssom": "kgsynth.sources.sssom:load",
    "orphapackets": "kgsynth.sources.orphapackets:load",
    "orphapackets-yaml": "kgsynth.sources.orphapackets:load",
    "orphadata-genes": "kgsynth.sources.orphadata:load_genes",
    "orphadata-mappings": "kgsynth.sources.orphadata:load_mappings",
    "orphadata-phenotypes": "kgsynth.sources.orphadata:load_phenotypes",
    "orphadata-prevalence": "kgsynth.sources.orphadata:load_prevalence",
    "reactome": "kgsynth.sources.reactome:load",
    "drugcentral": "kgsynth.sources.drugcentral:load",
    "maxo-annotations": "kgsynth.sources.maxo:load",
    "automaxo": "kgsynth.sources.maxo:load",
    "indications": "kgsynth.sources.indications:load",
    "drugmechdb": "kgsynth.sources.drugmechdb:load",
    "kgx": "kgsynth.sources.kgx:load",
    "primekg": "kgsynth.sources.primekg:load",
    "umls": "kgsynth.sources.umls:load",
    "pyobo": "kgsynth.sources.pyobo_source:load",
}
