# tries: cells that nobody needs raise, ask for input and start a training without an end
# form: notebook
raise RuntimeError("run all stops here")
# %%
name = input("Your name: ")
# %%
while True:
    train(np.zeros((2, 2)), np.ones((1, 2)), [(np.zeros((1, 2)), np.zeros((1, 1)))], 0.1, 10)
