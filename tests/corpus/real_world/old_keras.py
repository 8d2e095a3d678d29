# holds: Keras calls that fail on version 3 in ungraded cells
# expect: everything else passed
# %% = imports
# %%
from keras.utils import np_utils
from tensorflow.keras.wrappers.scikit_learn import KerasClassifier
# %% = data
# %% = model
# %%
model.compile(loss="binary_crossentropy", optimizer=tf.keras.optimizers.Adam(lr=0.001), metrics=["accuracy"])
# %%
model.fit_generator(zip(X, y), epochs=1)
# %%
model.predict_classes(X)
# %%
print(model.layers[0].output_shape)
print(model.layers[2].get_weight())
# %% = dense
# %% = sequential
# %% = dense_v
# %% = sequential_v
