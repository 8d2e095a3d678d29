# holds: CRLF in a module
# form: module
# newlines: crlf
# expect: everything else passed
# no notes
# %% = imports
# %% = model
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
