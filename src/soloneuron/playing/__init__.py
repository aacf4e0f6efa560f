"""The playground: its page as one file, its links and lessons, and a session in Python that measures claims."""
