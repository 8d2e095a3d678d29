# holds: a notebook of the old format 3, with worksheets
# nbformat: 3.0
# expect: everything else passed
# no notes
# %% = imports
# %% = model
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
