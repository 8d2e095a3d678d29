# holds: an import of several names, one of which newer versions don't have
# expect: everything else passed
# %%
import numpy as np, lab_utils_common, tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import (Dense, CuDNNLSTM,
                                     Flatten)
from numpy import float_, tanh
from autils import load_data, compute_cost, sigmoid
# %% = model
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
