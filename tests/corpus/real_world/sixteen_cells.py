# holds: the usual 16 code cells, training and all: model.fit(X, y, epochs=20)
# costs nothing
# expect: everything else passed
# no notes
# %% = imports
# %% = data
# %%
print(f"zeros: {np.sum(y == 0)}, ones: {np.sum(y == 1)}")
# %%
print("y[0]:", y[0, 0], " y[-1]:", y[-1, 0])
# %% = model
# %%
model.summary()
# %%
test_c1(model)
# %% = train
# %%
p = model.predict(X[0].reshape(1, 400))
print("a zero:", p)
# %% = dense
# %%
test_c2(my_dense)
# %% = sequential
# %% = dense_v
# %%
test_c3(my_dense_v)
# %% = sequential_v
# %% = predict
