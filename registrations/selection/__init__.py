"""What is done with many at once: those who were ticked in the list, or all who match."""
