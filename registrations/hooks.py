"""What registrations ask of the packages above them.

documented(session, event_ids): which of these events have published minutes; a set of ids.
"""

from core.hooks import Hook

documented = Hook()
