"""The protocol of ``compare``: who may say that one optimizer is faster than another, and when.

``judging`` is the protocol itself and knows nothing of trainings: it asks for costs, some settings on some
seeds, and gets tables of them. ``tasks`` answers with real trainings; a test may answer with courses whose
truth is known.
"""
