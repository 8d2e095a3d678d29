# tries: numbers in a notebook that no machine holds
# form: json
# base: nothing
# expect: everything else missing 0
{"nbformat": 4, "nbformat_minor": 1e999, "metadata": {"n": {{"9" * 4000}}}, "cells": [
 {"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": -1e999}]}
