"""Traces: reasoning in words, from a template or from a model."""
