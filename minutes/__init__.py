"""What was said and what became of it: minutes, publication, addenda."""
