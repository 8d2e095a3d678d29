#!/bin/sh
# Grades /grade/student by /grade/tests into /grade/results/results.json. Runs as root, which submissions don't.
exec /grader/environment/bin/python -I -m grader.delivery.prairielearn_run
