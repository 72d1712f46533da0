"""Forms of registrations: what people fill in, cleaned and checked."""
