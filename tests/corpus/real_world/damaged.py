# holds: a notebook whose metadata is damaged
# form: raw
# expect: my_dense passed
# expect: everything else missing 0
# note: the notebook's format is damaged
{"nbformat": "4", "nbformat_minor": null, "metadata": null,
 "cells": [{"cell_type": "code", "source": "import numpy as np"},
           {"cell_type": "code", "metadata": 3, "source": ["def my_dense(a_in, W, b, g):\n", "    return g(a_in @ W + b)"]},
           {"cell_type": "raw"}, 7]}
