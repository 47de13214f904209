"""Runs the notebooks of docs/notebooks where Jupyter is (pip install nbclient ipykernel matplotlib).

python3 scripts/notebooks.py [--write]: exit code 1 when a text output is another than the one committed, which --write
puts in place; 3, with the reason, where something is missing. Pictures are drawn again and not compared.
"""

import copy
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "notebooks"

try:
    import matplotlib  # noqa: F401  (the notebooks draw with it)
    import nbformat
    from ipykernel.kernelspec import get_kernel_dict  # noqa: F401  (what runs them)
    from nbclient import NotebookClient
except ImportError as missing:
    print(f"{missing}: pip install nbclient ipykernel matplotlib", file=sys.stderr)
    sys.exit(3)


def texts(notebook):
    """Of each code cell what it prints and shows, without pictures."""
    return [
        [
            output["text"] if output["output_type"] == "stream" else output.get("data", {}).get("text/plain")
            for output in cell["outputs"]
            if "image/png" not in output.get("data", {})
        ]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def executed(notebook):
    fresh = copy.deepcopy(notebook)
    NotebookClient(fresh, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}).execute()
    # Times and the machine's kernel are no part of what they say.
    fresh["metadata"] = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in fresh["cells"]:
        cell["metadata"] = {}
    return fresh


def main():
    write = "--write" in sys.argv[1:]
    paths = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "python"), *([paths] if paths else [])])
    differ = False
    for path in sorted(FOLDER.glob("*.ipynb")):
        committed = nbformat.read(path, as_version=4)
        today = executed(committed)
        for number, (before, after) in enumerate(zip(texts(committed), texts(today)), 1):
            if before != after:
                differ = True
                print(f"{path.name}, code cell {number} gives\n{after}\nand shows\n{before}", file=sys.stderr)
        if write:
            nbformat.write(today, path)
    return 1 if differ and not write else 0


if __name__ == "__main__":
    sys.exit(main())
