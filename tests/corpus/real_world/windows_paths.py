# holds: absolute Windows paths, one of them no string at all
# expect: everything else passed
# %%
import sys, os
sys.path.append(r"C:\Users\me\Desktop\labs\week2")
sys.path.insert(0, "D:\\labs")
os.chdir("C:\Users\me\Desktop\labs\week2")
# %% = imports
# %%
X = np.load("C:\\Users\\me\\Desktop\\labs\\week2\\data\\X.npy")
y = np.load("C:\new\table.npy")
# %% = model
# %% = look
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
