"""What an invited organisation sees and answers."""
