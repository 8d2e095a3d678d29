"""`grader` and `python -m grader`."""

import sys
from pathlib import Path


def main() -> None:
    try:
        from grader.cli.main import cli
    except KeyboardInterrupt:  # Ctrl-C during the imports
        print("grader: stopped", file=sys.stderr)
        sys.exit(130)
    cli(prog_name="grader")


if __name__ == "__main__":
    # By -m, Python looks for every module in the current folder first, and that may be one of submissions.
    if sys.path[0] == str(Path.cwd()) != str(Path(__file__).parent.parent):
        del sys.path[0]
    main()
