# holds: %matplotlib inline, %cd, !git clone, !pip install and other magics and shell lines
# expect: everything else passed
# %%
%matplotlib inline
%load_ext autoreload
%autoreload 2
!git clone https://example.org/somebody/labs.git
%cd labs/week2
!pip install -q tensorflow==2.9 numpy
files = !ls
import os
# %% = imports
# %%
%%time
X, y = load_data()
# %% = model
# %%
%%bash
ls -la data
# %%
?model.fit
# %% = dense
# %%
def my_sequential(x, W1, b1, W2, b2, W3, b3):
    %pdb off
    h1 = my_dense(x, W1, b1, sigmoid)
    h2 = my_dense(h1, W2, b2, sigmoid)
    return my_dense(h2, W3, b3, sigmoid)
%timeit -n 1 -r 1 my_sequential(X[0], *load_weights())
# %% = dense_v
# %% = sequential_v
