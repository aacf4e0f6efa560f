"""The playground: a pure session (config in, frames out), and a server that lets a browser play with it."""
