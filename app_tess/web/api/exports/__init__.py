"""Tables for programs: the columns, once, and one writer a format. Each writer is a generator of text, a chunk of rows at a time."""
