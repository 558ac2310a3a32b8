"""Engines: prompts in, completions out. Import from `kgsynth.engines.base` and `.feed`.

Which engines there are is the dictionary `ENGINES` in `kgsynth.engines.base`; each is loaded when
it is first asked for, so that importing this package loads no model library.
"""
