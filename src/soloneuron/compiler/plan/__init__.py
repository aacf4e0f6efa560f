"""The plan of calls: what torch is to do with which pieces of memory, as plain data that passes work on."""
