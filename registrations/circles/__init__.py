"""Those who are asked to every meeting of a series."""
