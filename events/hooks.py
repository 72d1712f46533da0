"""What events tell the packages above them. Each is called inside the write transaction.

capacity_grew(session, event, now): seats may have become free.
event_changed(session, event, changed, now): time, place, title or link of a public event changed;
    `changed` maps the names of the fields to what they were before.
state_changed(session, event, before, now): the event has gone from state `before`.
event_copied(session, event, copy, parts, by, now): `copy` has been made of `event`; `parts` says
    what it takes along.
item_removed(session, item, now): a programme item is about to be removed; may raise Refusal.
programme_released(session, event, before, release, changes, tell, now): `release` is what everybody
    sees now, after the release `before` (or None); `changes` are `events.releasing.rules.Change`,
    and `tell` says whether those they concern are to be told.
joined_series(session, event, series, by, now): `event` has become a meeting of `series`.
"""

from core.hooks import Hook

capacity_grew = Hook()
event_changed = Hook()
state_changed = Hook()
event_copied = Hook()
item_removed = Hook()
programme_released = Hook()
joined_series = Hook()
