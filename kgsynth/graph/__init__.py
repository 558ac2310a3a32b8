"""Stage 2: what the sources say becomes one graph; the graph is opened, searched and asked."""
