"""Two ways to write a graph: calls of torch on whole groups, and straight lines of Python on floats."""
