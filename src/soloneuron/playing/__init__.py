"""The playground: its page as one file, its links and lessons, and a session that measures claims."""
