"""kgsynth: multi-hop medical questions whose answers are proved from a knowledge graph."""

__version__ = "0.1.0"
