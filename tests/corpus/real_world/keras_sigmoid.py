# holds: a star import that brings Keras' sigmoid over NumPy's, so that results become tensors
# expect: everything else passed
# no notes
# %%
import numpy as np
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
from autils import *
from tensorflow.keras.activations import *
# %% = data
# %% = model
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
# %% = predict
