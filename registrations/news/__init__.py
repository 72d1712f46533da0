"""News to participants about the event and its programme: one letter, when it has gone quiet."""
