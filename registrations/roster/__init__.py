"""The organiser's list: which columns it has, and what is done with a selection of it."""
