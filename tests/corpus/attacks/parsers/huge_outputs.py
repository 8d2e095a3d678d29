# tries: a notebook with as many outputs as a submission may have, 28 MB
# form: json
# base: nothing
# expect: sigmoid passed
# expect: everything else missing 0
{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
 {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "outputs": [{"output_type": "stream",
  "name": "stdout", "text": "{{"passed " * 4000000}}"}],
  "source": ["import numpy as np\n", "def sigmoid(z):\n", "    e = np.exp(-np.abs(z))\n",
             "    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)\n"]}]}
