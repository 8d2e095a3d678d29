# holds: a model without an Input layer, unbuilt until it is called
# expect: everything else passed
# %% = imports
# %% = data
# %%
model = Sequential([
    Dense(25, activation="sigmoid"),
    Dense(15, activation="sigmoid"),
    Dense(1, activation="sigmoid"),
])
# %% = look
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
