"""Records become Plotly figures: one figure a file, one palette."""
