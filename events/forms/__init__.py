"""Forms of the organiser's pages."""
