#!/usr/bin/env bash
# Runs once, as root, while Gradescope builds the image: installs the packages, then grades the solution as a check.
set -euo pipefail
source=/autograder/source
environment=/autograder/environment

if [ ! -x "$environment/bin/python" ]; then
    apt-get update
    apt-get install -y --no-install-recommends python3 python3-venv libseccomp2
    python=$(for one in python3 python3.13 python3.12 python3.11; do
        "$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$one" && break
    done || true)
    if [ -z "$python" ]; then
        apt-get install -y --no-install-recommends python3.11 python3.11-venv || {
            echo "The grader needs Python 3.11 or newer: choose a newer base image for the autograder, such as Ubuntu 24.04."
            exit 1
        }
        python=python3.11
    fi
    "$python" -m venv "$environment"
    cd "$source"
    "$environment/bin/pip" install --quiet --no-deps --require-hashes -r requirements.txt
fi
"$environment/bin/python" -I -m grader.delivery.prepare "$source"
