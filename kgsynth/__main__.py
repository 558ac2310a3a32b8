"""``python -m kgsynth`` is the same as ``kgsynth``."""

from kgsynth.cli import main

if __name__ == "__main__":
    main()
