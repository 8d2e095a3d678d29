# holds: units given as strings, which Keras 3 refuses
# expect: model error 0
# expect: everything else passed
# note: cell 2, line 3: ValueError
# %% = imports
# %%
model = Sequential([
    tf.keras.Input(shape=(400,)),
    Dense(units="25", activation="sigmoid"),
    Dense(units="15", activation="sigmoid"),
    Dense(units="1", activation="sigmoid"),
])
# %%
model.summary()
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
