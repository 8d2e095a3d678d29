# holds: 50 code cells, most of them extra ones in which something is tried out
# expect: everything else passed
# no notes
# %% = imports
# %% = data
# %%
X[0].max()
# %%
try_0_1 = np.arange(2) * 1
print(try_0_1)
# %%
# note to myself: ask about part 1
# %%

# %%
for k in range(6):
    print(k, end=' ')
# %%
np.matmul(np.ones((1, 6)), np.ones((6, 1)))
# %%
try_1_0 = np.arange(1) * 2
print(try_1_0)
# %%
# note to myself: ask about part 2
# %%

# %%
for k in range(5):
    print(k, end=' ')
# %%
np.matmul(np.ones((1, 5)), np.ones((5, 1)))
# %%
y.shape
# %% = model
# %%
# note to myself: ask about part 3
# %%

# %%
for k in range(4):
    print(k, end=' ')
# %%
np.matmul(np.ones((1, 4)), np.ones((4, 1)))
# %%
y.shape
# %%
X[25].max()
# %% = dense
# %%

# %%
for k in range(3):
    print(k, end=' ')
# %%
np.matmul(np.ones((1, 3)), np.ones((3, 1)))
# %%
y.shape
# %%
X[34].max()
# %%
try_3_5 = np.arange(6) * 4
print(try_3_5)
# %% = sequential
# %%
for k in range(2):
    print(k, end=' ')
# %%
np.matmul(np.ones((1, 2)), np.ones((2, 1)))
# %%
y.shape
# %%
X[43].max()
# %%
try_4_4 = np.arange(5) * 5
print(try_4_4)
# %%
# note to myself: ask about part 5
# %% = dense_v
# %%
np.matmul(np.ones((1, 1)), np.ones((1, 1)))
# %%
y.shape
# %%
X[52].max()
# %%
try_5_3 = np.arange(4) * 6
print(try_5_3)
# %%
# note to myself: ask about part 6
# %%

# %% = sequential_v
# %%
y.shape
# %%
X[61].max()
# %%
try_6_2 = np.arange(3) * 7
print(try_6_2)
# %%
# note to myself: ask about part 7
# %%

# %%
for k in range(7):
    print(k, end=' ')
# %%
np.matmul(np.ones((1, 7)), np.ones((7, 1)))
