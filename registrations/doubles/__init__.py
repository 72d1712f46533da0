"""One person who has registered twice: find the likely ones, make one of two, remember who is two.

How who came is kept: the door's log is only ever added to, and the database refuses anything else.
So the lines of the registration that goes stay where they are. An undo with the reason voids them,
and new lines for the one that is kept say when the person came and left. Presence is then derived
as always, with no query anywhere that must know of merges, nobody is counted twice, and the log
still tells what was pressed for whom. Which two were made one is kept in a row of its own.
"""
