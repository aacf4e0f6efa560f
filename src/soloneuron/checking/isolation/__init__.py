"""Somebody else's code runs behind guards, and says plain numbers through a channel."""
