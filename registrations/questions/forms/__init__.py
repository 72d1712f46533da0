"""Forms of questions: those that people answer, and that in which one is put."""
