# holds: nbformat 4.0 to 4.5
# nbformat: 4.0 4.1 4.2 4.3 4.4 4.5
# expect: everything else passed
# no notes
# %% = imports
# %% [markdown]
# The network
# %% = data
# %% = model
# %% = look
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
# %% = predict
