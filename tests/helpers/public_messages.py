"""What the public checks say of every known misconception of an assignment.

    python tests/helpers/public_messages.py digits numpy > tests/corpus/public_messages/digits-numpy.json

The second argument is `numpy` or `tensorflow`: the exercises that do without TensorFlow, or those that need it. Prints
JSON: QUESTION/SLUG -> "passed", "neutral" (failed, and no advice is given) or the list of sentences of advice. Whoever
changes the tables reads each sentence: it must be true of its misconception.
"""

import contextlib
import importlib
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

ADVICE = re.compile(r"^.*?: (You returned .*?; expected .*?[\])]\. )?")
NO_TENSORFLOW: dict[str, Any] = {"tensorflow": None}  # the module of misconceptions tries to import it
ROOT = Path(__file__).resolve().parents[2]
WITH_TENSORFLOW = ("build_model", "parameters_from_keras", "tf_gradients", "model")
LAB_CHECKS = {
    "model": "test_c1",
    "my_dense": "test_c2",
    "my_sequential": "test_sequential",
    "my_dense_v": "test_c3",
    "my_sequential_v": "test_sequential_v",
}


def reference(assignment):
    """Return the source of the solutions, without the imports of TensorFlow."""
    folder = ROOT / "solutions" / assignment
    cells = json.loads((folder / f"{assignment}.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return "\n\n".join(s for s in sources if "### BEGIN SOLUTION" in s and "tf." not in s)


def digits(question, function):
    """Return what check.py says: the advice that isn't the neutral line of the example."""
    examples, trying = importlib.import_module("examples"), importlib.import_module("trying")
    whys = {example.why for example in examples.EXAMPLES[question]}
    result, why, checks = trying.examine(question, function)
    if result != "failed":
        return why
    told = list(dict.fromkeys(advice for _, wrong, advice in checks if wrong and advice and advice not in whys))
    return told or "neutral"


def practice_lab(question, function):
    """Return what public_tests.py prints, without names, numbers and the errors that Python words itself."""
    public_tests = importlib.import_module("public_tests")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        right = getattr(public_tests, LAB_CHECKS[question])(function() if question == "model" else function)
    lines = ["error" if "Error: " in line else ADVICE.sub("", line) for line in printed.getvalue().splitlines()]
    return "passed" if right else list(dict.fromkeys(line.strip() for line in lines if not line.startswith("[")))


def main(assignment, kind):
    sys.path[:0] = [str(ROOT / "solutions" / assignment / "student"), str(ROOT / "solutions" / assignment)]
    if assignment == "digits":
        importlib.import_module("check")
    if kind == "numpy":
        sys.modules.update(NO_TENSORFLOW)
    misconceptions = importlib.import_module("misconceptions")
    told = {}
    for question, function, _ in misconceptions.WRONG:
        if (question in WITH_TENSORFLOW) == (kind == "tensorflow"):
            exec(reference(assignment), vars(misconceptions))
            with contextlib.redirect_stdout(io.StringIO()):
                told[f"{question}/{function.__name__}"] = globals()[assignment](question, function)
    return json.dumps(told, indent=1)


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
