# holds: sigmoid imported from a module that isn't there, after a star import that brings it
# expect: everything else passed
# note: cell 1, line 4: there is no module lab_utils_relu here
# %%
import numpy as np
import tensorflow as tf
from autils import *
from lab_utils_relu import sigmoid
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense
# %% = data
# %% = model
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
