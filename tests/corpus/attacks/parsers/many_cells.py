# tries: a notebook of fifty thousand cells
# form: json
# base: nothing
# expect: sigmoid passed
# expect: everything else missing 0
{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
 {{"{\"cell_type\": \"code\", \"metadata\": {}, \"outputs\": [], \"execution_count\": null, \"source\": \"\"}," * 50000}}
 {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null,
  "source": "import numpy as np\ndef sigmoid(z):\n    e = np.exp(-np.abs(z))\n    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)"}]}
