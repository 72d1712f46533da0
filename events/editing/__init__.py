"""The programme editor: a table, pasted text, shifts, rooms. The draft alone is touched."""
