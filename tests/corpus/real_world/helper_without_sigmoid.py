# holds: a star import of another version's helper file, which would have brought sigmoid
# expect: model passed
# expect: my_dense passed
# expect: my_dense_v passed
# expect: my_sequential passed
# expect: my_sequential_v passed
# %%
import numpy as np
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
from lab_utils_week2 import *
# %% = model
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
