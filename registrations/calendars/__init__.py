"""A person's events in their own calendar: by mail, as a file, as a feed; and the answers."""
