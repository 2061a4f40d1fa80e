"""Tables for programs: the columns, and one writer per format, each a generator of text in chunks of rows."""
