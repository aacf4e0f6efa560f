"""Pure functions of tensors: links, losses, penalties, metrics. No neuron, no batches, no disk, no dice."""
