"""What is wrong with somebody's neuron, autograd class or optimizer: the library is the oracle.

The student's object lives on one side, in ``student``: there it is found by its shape, and runs trials,
which say what to construct, to call and to read. Plain numbers come back. The other side holds the contract
points and what is right, and never sees the object: whatever answers trials is a ``Subject``, in this process
or behind a pipe.
"""
