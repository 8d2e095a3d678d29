# tries: a notebook in which everything has the wrong type
# form: json
# base: nothing
# expect: everything else missing 0
{"nbformat": "four", "nbformat_minor": [], "metadata": 7, "cells": [
 null, 5, "code", [], {}, {"cell_type": 3, "source": "import os"}, {"cell_type": "code", "source": {"a": 1}},
 {"cell_type": "code", "source": [1, null, ["x"]]}, {"cell_type": "code", "source": null, "outputs": "none"},
 {"cell_type": "__class__", "source": "x", "metadata": {"tags": [{}]}}]}
