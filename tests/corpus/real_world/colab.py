# holds: from google.colab import userdata in the cell that also imports NumPy
# expect: everything else passed
# note if whole: cell 1, line 1: there is no module google.colab here
# %%
from google.colab import userdata
import numpy as np
import tensorflow as tf
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense
from autils import load_data, load_weights, sigmoid
# %% = data
# %% = model
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
