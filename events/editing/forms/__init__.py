"""The forms of the editor. They clean and check; none saves."""
