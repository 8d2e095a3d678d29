# holds: a model without an Input layer that is built by model.fit(X, y, epochs=20)
# costs nothing
# expect: everything else passed
# no notes
# %% = imports
# %% = data
# %%
model = Sequential()
model.add(Dense(25, activation="sigmoid"))
model.add(Dense(15, activation="sigmoid"))
model.add(Dense(1, activation="sigmoid"))
# %% = train
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
