# holds: a drive that is mounted, and files read from it
# expect: everything else passed
# %%
from google.colab import drive
drive.mount("/content/drive")
import sys
sys.path.append("/content/drive/MyDrive/ml/week2")
# %% = imports
# %%
X = np.load("/content/drive/MyDrive/ml/week2/data/X.npy")
y = np.load("/content/drive/MyDrive/ml/week2/data/y.npy")
# %% = model
# %% = train
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
