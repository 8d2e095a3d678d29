# tries: a notebook that stopped in the middle
# form: json
# base: nothing
# expect: rejected
{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": "def sigmoid(z): return 1
