# holds: model.summary(), model.predict loops with plots
# costs nothing
# expect: everything else passed
# %% = imports
# %%
import matplotlib.pyplot as plt
import warnings
warnings.simplefilter(action="ignore", category=FutureWarning)
# %% = data
# %% = model
# %% = look
# %%
fig, axes = plt.subplots(2, 2, figsize=(3, 3))
for i, ax in enumerate(axes.flat):
    pick = np.random.randint(X.shape[0])
    ax.imshow(X[pick].reshape((20, 20)).T, cmap="gray")
    guess = model.predict(X[pick].reshape(1, 400), verbose=0)
    ax.set_title(f"{y[pick, 0]:.0f}, {float(guess[0, 0]) >= 0.5}")
    ax.set_axis_off()
plt.show()
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
# %%
for i in range(3):
    plt.plot(my_sequential(X[i], *load_weights()))
plt.show()
