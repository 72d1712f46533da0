"""The door: who is here. A log that is only added to."""
