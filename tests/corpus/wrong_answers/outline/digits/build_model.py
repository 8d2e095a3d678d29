# --- wrong: squares_by_a_right_name
# why: the loss is called right and is the mean of squares
def build_model(n_features=400, units=(25, 15, 1)):
    def binary_crossentropy(y, p):
        return tf.reduce_mean((y - p) ** 2)

    model = tf.keras.Sequential([tf.keras.Input((n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, "sigmoid"))
    model.compile(loss=binary_crossentropy, optimizer="adam")
    return model

# --- wrong: another_optimizer_by_a_right_name
# why: a class called Adam that is SGD
def build_model(n_features=400, units=(25, 15, 1)):
    class Adam(tf.keras.optimizers.SGD):
        pass

    model = tf.keras.Sequential([tf.keras.Input((n_features,))])
    for size in units:
        model.add(tf.keras.layers.Dense(size, "sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer=Adam())
    return model

# --- right: own_loss_and_class
# why: a loss and a class of the student's own compute what is asked for
class Digits(tf.keras.Sequential):
    pass


def my_loss(y, p):
    return tf.keras.losses.binary_crossentropy(y, p)


def build_model(n_features=400, units=(25, 15, 1)):
    model = Digits([tf.keras.Input((n_features,)), *(tf.keras.layers.Dense(u, "sigmoid") for u in units)])
    model.compile(loss=my_loss, optimizer=tf.keras.optimizers.Adam(0.002))
    return model
