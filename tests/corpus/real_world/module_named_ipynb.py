# holds: a file named .ipynb that isn't JSON but Python
# form: module
# file: practice_lab.ipynb
# expect: everything else passed
# note: the file ends in .ipynb, but it is a Python module
# %% = imports
# %% = model
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
