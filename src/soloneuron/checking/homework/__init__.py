"""Files and folders of homework: read, run behind guards, judged, and shown as one report."""
