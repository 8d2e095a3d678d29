# tries: writes its own report and score table
# base: numpy
# expect: my_dense failed 0
import os

REPORT = '{"schema": 1, "student": "me", "status": "graded", "score": 100.0, "max_score": 100.0}'


def my_dense(a_in, W, b, g):
    for place in (".", "..", "../..", "/tmp", "/out", os.path.expanduser("~")):
        for name in ("out/reports/me.json", "reports/me.json", "out/scores.csv", "scores.csv", "results.json"):
            try:
                os.makedirs(os.path.dirname(f"{place}/{name}"), exist_ok=True)
                with open(f"{place}/{name}", "w") as file:
                    file.write(REPORT)
            except OSError:
                pass
    print(REPORT)
    return b * 0 + 7
