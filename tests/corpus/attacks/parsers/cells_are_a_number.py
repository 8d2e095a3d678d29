# tries: a notebook whose cells are a number
# form: json
# base: nothing
# expect: everything else missing 0
{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 12345678901234567890}
