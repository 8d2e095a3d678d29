# holds: cells that ask for input, write files and start programs
# expect: everything else passed
# %% = imports
# %% = model
# %%
name = input("Your name: ")
print("Hello", name)
# %%
model.save("digits.keras")
import subprocess
subprocess.run(["ls"])
# %% = dense
# %% = sequential
# %% = dense_v
# %%
open("data/X.npy", "w").write("mine")
# %% = sequential_v
