"""What is printed for the day: sheets for the doors of the rooms, name signs for the tables."""
