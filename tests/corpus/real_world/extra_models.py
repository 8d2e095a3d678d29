# holds: extra cells with models of their own, and the graded one trained in a loop
# costs nothing
# expect: everything else passed
# no notes
# %% = imports
# %% = data
# %%
for n in (5, 10):
    small = Sequential([tf.keras.Input((400,)), Dense(n, activation="relu"), Dense(1, activation="sigmoid")])
    small.compile(loss="binary_crossentropy")
    small.fit(X, y, epochs=4, verbose=0)
    print(n, small.evaluate(X, y, verbose=0))
# %% = model
# %%
model.compile(loss=BinaryCrossentropy(), optimizer="adam")
for epoch in range(3):
    history = model.fit(X, y, epochs=1, verbose=0)
    print(history.history["loss"])
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
