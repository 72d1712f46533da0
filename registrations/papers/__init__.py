"""What is printed and handed out: lists by who may see them, badges, the list for the door."""
