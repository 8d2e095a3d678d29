# holds: a model that a function builds and trains: model.fit(X, y, epochs=20) within it
# expect: everything else passed
# no notes
# %% = imports
# %% = data
# %%
def build():
    net = Sequential()
    net.add(tf.keras.layers.InputLayer(shape=(400,)))
    for n in [25, 15, 1]:
        net.add(Dense(n, activation=tf.nn.sigmoid))
    net.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return net

model = build()
history = model.fit(X, y, epochs=2, batch_size=100, verbose=0)
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
