// Reads calendars with ical.js, one a line of standard input as a JSON string, and prints for each
// a line of JSON: what a calendar program would show.
import { createInterface } from "node:readline";
import ICAL from "../vendor/ical.js/ical.js";

function read(text) {
  ICAL.TimezoneService.reset();
  const root = new ICAL.Component(ICAL.parse(text));
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const events = root.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      summary: event.summary,
      starts: event.startDate.toUnixTime(),
      ends: event.endDate.toUnixTime(),
      sequence: event.sequence,
      organizer: event.organizer ?? "",
      attendees: event.attendees.map((property) => property.getFirstValue()),
      status: component.getFirstPropertyValue("status"),
      location: event.location,
      description: event.description,
      names: component.getAllProperties().map((property) => property.name).sort(),
    };
  });
  return { method: root.getFirstPropertyValue("method"), events };
}

for await (const line of createInterface({ input: process.stdin })) {
  let found;
  try {
    found = read(JSON.parse(line));
  } catch (error) {
    found = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
