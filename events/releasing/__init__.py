"""The numbered releases of a programme: what has changed, who reads which, how one is published."""
