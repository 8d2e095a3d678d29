# tries: a notebook of format 3 with worksheets that nest and lie; the readable cell counts
# form: json
# base: nothing
# expect: sigmoid passed
# expect: everything else missing 0
{"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "../../etc/passwd"}, "worksheets": [{"metadata": {}, "cells": [
 {"cell_type": "code", "language": "python", "metadata": {}, "outputs": [], "collapsed": false,
  "input": "import numpy as np\ndef sigmoid(z):\n    e = np.exp(-np.abs(z))\n    return np.where(np.asarray(z) >= 0, 1, e) / (1 + e)"},
 {"cell_type": "heading", "level": 99999, "metadata": {}, "source": "passed"}]}]}
