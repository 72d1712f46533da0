// Reads a calendar from standard input with ical.js and prints what a calendar would show, as JSON.
import { readFileSync } from "node:fs";
import ICAL from "../vendor/ical.js/ical.js";

const root = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = root.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    summary: event.summary,
    starts: event.startDate.toUnixTime(),
    ends: event.endDate.toUnixTime(),
    sequence: event.sequence,
    status: component.getFirstPropertyValue("status"),
    location: event.location,
    description: event.description,
    names: component.getAllProperties().map((property) => property.name).sort(),
  };
});
process.stdout.write(JSON.stringify(events));
