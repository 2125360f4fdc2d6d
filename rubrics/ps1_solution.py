# %% [markdown]
# # PS1: A library-free neural network

# %%
import time

import numpy as np
import torch
from torch import nn
from keras.datasets import mnist
from keras.utils import to_categorical

np.random.seed(1)
torch.manual_seed(1)

# %% [markdown]
# ## 0 Data

# %%
(x_train, y_train), (x_test, y_test) = mnist.load_data()

x_train = x_train.reshape(x_train.shape[0], 1, 28 * 28).astype("float32") / 255
x_test = x_test.reshape(x_test.shape[0], 1, 28 * 28).astype("float32") / 255
y_train = to_categorical(y_train)
y_test = to_categorical(y_test)

# %% [markdown]
# ### 1.1 Affine layer

# %%
class Layer:
    def __init__(self):
        self.input = None
        self.output = None


class Affine_Layer(Layer):
    def __init__(self, input_size, output_size):
        super().__init__()
        limit = np.sqrt(6 / (input_size + output_size))
        self.weights = np.random.uniform(-limit, limit, (input_size, output_size))
        self.bias = np.zeros((1, output_size))

    def forward_propagation(self, input):
        self.input = input
        self.output = self.input @ self.weights + self.bias
        return self.output

    def backward_propagation(self, output_grad, learning_rate):
        input_grad = output_grad @ self.weights.T
        weights_grad = self.input.T @ output_grad
        bias_grad = output_grad.sum(axis=0, keepdims=True)
        self.weights -= learning_rate * weights_grad
        self.bias -= learning_rate * bias_grad
        return input_grad


# %% [markdown]
# ### 1.2 Activations

# %%
def tanh(x):
    return np.tanh(x)


def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, decay) / (1 + decay)


def tanh_grad(x):
    return 1 - np.tanh(x) ** 2


def relu_grad(x):
    return np.where(x > 0, 1.0, 0.0)


def sigmoid_grad(x):
    s = sigmoid(x)
    return s * (1 - s)


# %%
class ActivationLayer(Layer):
    def __init__(self, activation, activation_grad):
        super().__init__()
        self.activation = activation
        self.activation_grad = activation_grad

    def forward_propagation(self, input):
        self.input = input
        self.output = self.activation(self.input)
        return self.output

    def backward_propagation(self, output_grad, learning_rate):
        return self.activation_grad(self.input) * output_grad


# %% [markdown]
# ### 1.3 Loss

# %%
def mse(y_true, y_pred):
    return np.mean((y_pred - y_true) ** 2)


def mse_grad(y_true, y_pred):
    return 2 * (y_pred - y_true) / y_true.size


# %% [markdown]
# ### 1.4 Network

# %%
class MyNetwork:
    def __init__(self):
        self.layers = []
        self.loss = None
        self.loss_grad = None

    def add(self, layer):
        self.layers.append(layer)

    def use(self, loss, loss_grad):
        self.loss = loss
        self.loss_grad = loss_grad

    def predict(self, x, y=None):
        outputs = []
        for example in x:
            for layer in self.layers:
                example = layer.forward_propagation(example)
            outputs.append(example)
        outputs = np.array(outputs)
        if y is None:
            return outputs
        loss = np.mean([self.loss(y[i:i + 1], outputs[i]) for i in range(len(x))])
        accuracy = np.mean(outputs[:, 0].argmax(axis=1) == y.argmax(axis=1))
        return outputs, loss, accuracy

    def fit(self, x_train, y_train, epoch_num, learning_rate):
        for epoch in range(epoch_num):
            error = 0
            for i in range(len(x_train)):
                output = x_train[i]  # (1, 784)
                for layer in self.layers:
                    output = layer.forward_propagation(output)
                target = y_train[i:i + 1]  # (1, 10)
                error += self.loss(target, output)
                grad = self.loss_grad(target, output)
                for layer in reversed(self.layers):
                    grad = layer.backward_propagation(grad, learning_rate)
            print(f"epoch {epoch + 1}/{epoch_num}   error = {error / len(x_train):.6f}")


# %% [markdown]
# ### 2.1 The network

# %%
my_network = MyNetwork()
my_network.use(mse, mse_grad)
my_network.add(Affine_Layer(784, 128))
my_network.add(ActivationLayer(tanh, tanh_grad))
my_network.add(Affine_Layer(128, 64))
my_network.add(ActivationLayer(tanh, tanh_grad))
my_network.add(Affine_Layer(64, 10))
my_network.add(ActivationLayer(tanh, tanh_grad))

# %% [markdown]
# tanh: its outputs are centred at zero, and its slope there is 1, so that gradients reach the
# first layer; a sigmoid's slope is at most 1/4.

# %% [markdown]
# ### 2.2 Training and testing

# %%
epoch_num = 20
learning_rate = 0.1

start = time.process_time()
my_network.fit(x_train, y_train, epoch_num, learning_rate)
print("CPU time:", time.process_time() - start, "s")

# %%
outputs, test_loss, test_accuracy = my_network.predict(x_test, y_test)
print("test loss:", test_loss)
print("test accuracy:", test_accuracy)

# %% [markdown]
# ### 3.1 The same network in PyTorch

# %%
class PyTorchNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return torch.tanh(self.fc3(x))


pytorch_net = PyTorchNet()

# %%
x_train_t, y_train_t = torch.tensor(x_train[:, 0]), torch.tensor(y_train, dtype=torch.float32)
x_test_t, y_test_t = torch.tensor(x_test[:, 0]), torch.tensor(y_test, dtype=torch.float32)

num_epochs = 20
batch_size = 32
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(pytorch_net.parameters(), lr=0.001)

start = time.process_time()
for epoch in range(num_epochs):
    total = 0
    for i in range(0, len(x_train_t), batch_size):
        optimizer.zero_grad()
        loss = criterion(pytorch_net(x_train_t[i:i + batch_size]), y_train_t[i:i + batch_size])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x_train_t[i:i + batch_size])
    print(f"epoch {epoch + 1}/{num_epochs}   error = {total / len(x_train_t):.6f}")
print("CPU time:", time.process_time() - start, "s")

with torch.no_grad():
    predicted = pytorch_net(x_test_t)
print("test loss:", criterion(predicted, y_test_t).item())
print("test accuracy:", (predicted.argmax(1) == y_test_t.argmax(1)).float().mean().item())

# %% [markdown]
# ### 3.2 Comparison
#
# The PyTorch model is the better one after the same number of epochs, as Adam gets further with
# each. It is also faster, since it takes 32 examples at once. In the architecture I would use
# convolutions, in the algorithm mini-batches, shuffling and momentum.

# %% [markdown]
# ### 4.1 Your own network

# %%
def moved(x, down, right):
    return np.roll(x.reshape(-1, 28, 28), (down, right), axis=(1, 2)).reshape(-1, 1, 784)


# The same digits, moved by a pixel: where a digit stands must not matter.
x_more = np.concatenate([moved(x_train, *by) for by in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]])
y_more = np.concatenate([y_train] * 5)
order = np.random.permutation(len(x_more))
x_more, y_more = x_more[order], y_more[order]

champion = MyNetwork()
champion.use(mse, mse_grad)
champion.add(Affine_Layer(784, 128))
champion.add(ActivationLayer(relu, relu_grad))
champion.add(Affine_Layer(128, 10))
champion.add(ActivationLayer(tanh, tanh_grad))

epochs = 10
champion.fit(x_more, y_more, epochs, 0.1)
_, champion_loss, champion_accuracy = champion.predict(x_test, y_test)
print("champion:", champion_loss, champion_accuracy)
