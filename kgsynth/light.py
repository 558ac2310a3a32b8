"""Starting light: what other packages would load on the side and kgsynth never uses."""

import sys


def keep_pandas_out() -> None:
    """Make pyarrow believe that pandas is not installed: it would import it and never use it.

    pyarrow looks for pandas once, at the first conversion, and importing it costs as much time as
    reading every source. Where pandas is loaded already, nothing is changed.
    """
    from importlib.abc import MetaPathFinder

    if "pandas" in sys.modules:
        return

    class NoPandas(MetaPathFinder):
        def find_spec(self, fullname: str, path: object, target: object = None) -> None:
            if fullname == "pandas":
                raise ImportError(fullname)

    finder = NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        import pyarrow as pa

        pa.array([0])
    finally:
        sys.meta_path.remove(finder)


def collect_garbage_less_often() -> None:
    """Let far more objects come up before a collection looks at them all.

    A run makes a million objects that live as long as it does and hardly any cycle; looking for
    cycles after every 700 of them took a sixth of a short run.
    """
    import gc

    gc.set_threshold(200_000, 20, 100)
