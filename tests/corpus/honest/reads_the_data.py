# tries: uses the files that every student is given
data = np.load("digits.npz")
plain_sigmoid = sigmoid


def sigmoid(z):
    if not data.files or not open("README.md").read():
        raise FileNotFoundError("the data of the assignment")
    return plain_sigmoid(z)
