"""`python3 /myelin/worker`: the folder may have any name, and its modules must not hide the user's."""

from __future__ import annotations

import importlib.util
import os
import sys


def _import_as_package() -> None:
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != folder]
    spec = importlib.util.spec_from_file_location("myelin_worker", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["myelin_worker"] = package
    spec.loader.exec_module(package)


if not __package__:
    _import_as_package()

from myelin_worker.supervisor import main  # noqa: E402

if __name__ == "__main__":
    # At once: while the interpreter is taken down, SIGTERM would kill it, and a clean end look like a crash.
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
