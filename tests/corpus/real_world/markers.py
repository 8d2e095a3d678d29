# holds: graded markers UNQ_C1 and START/END CODE where they were
# expect: everything else passed
# no notes
# %% = imports
# %%
# UNQ_C1
# GRADED CELL: Sequential model

model = Sequential(
    [
        tf.keras.Input(shape=(400,)),
        ### START CODE HERE ###
        Dense(25, activation="sigmoid"),
        Dense(15, activation="sigmoid"),
        Dense(1, activation="sigmoid"),
        ### END CODE HERE ###
    ]
)
# %%
# UNQ_C2
# GRADED FUNCTION: my_dense
def my_dense(a_in, W, b, g):
    ### START CODE HERE ###
    return g(a_in @ W + b)
    ### END CODE HERE ###
# %% = sequential
# %%
# UNQ_C3
# GRADED FUNCTION: my_dense_v
def my_dense_v(A_in, W, b, g):
    ### START CODE HERE ###
    return g(A_in @ W + b)
    ### END CODE HERE ###
# %% = sequential_v
