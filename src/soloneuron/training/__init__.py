"""Training: an objective, a loop, engines that run it faster, and the judgement of how it ended."""
