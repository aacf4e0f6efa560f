import numpy as np


class MomentumOptimizer:
    """Updates a layer: layer.weights, layer.bias with layer.dweights, layer.dbias."""

    def __init__(self, learning_rate=0.1, momentum=0.9):
        self.learning_rate = learning_rate
        self.momentum = momentum

    def update(self, layer):
        if not hasattr(layer, "weight_momentums"):
            layer.weight_momentums = np.zeros_like(layer.weights)
            layer.bias_momentums = np.zeros_like(layer.bias)
        layer.weight_momentums = self.momentum * layer.weight_momentums - self.learning_rate * layer.dweights
        layer.bias_momentums = self.momentum * layer.bias_momentums - self.learning_rate * layer.dbias
        layer.weights = layer.weights + layer.weight_momentums
        layer.bias = layer.bias + layer.bias_momentums
