"""iCalendar (RFC 5545): an all-day event for each dated deadline of a requirement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, BinaryIO, Final

from icalendar import Calendar, Event

from pipeline.export.about import About
from pipeline.export.checklist import arrange
from pipeline.export.text import one_line, web_link
from pipeline.wording import (
    MODALITIES,
    bearer_words,
    due_date,
    quantity_words,
    source_words,
    target_words,
    targets_of,
    topic_words,
)

Row = Mapping[str, Any]

_SUMMARY: Final = 110  # characters of a summary, before calendars cut it themselves


def write_ics(
    rows: Iterable[Row], out: BinaryIO, *, about: About, table: str = "requirements"
) -> None:
    """Write the dated deadlines of a checklist, by date; what has no date is left out.

    An event's UID is the requirement's id, so that importing a later export moves it and does not
    double it; a number with a date of its own has the date after the id.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//mustdo//planning requirements//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(about.title))
    if about.left_out:
        calendar.add("x-wr-caldesc", about.left_out_words)
    events = [event for row in arrange(rows, about).rows for event in _events(row, about)]
    for _, _, event in sorted(events, key=lambda dated: dated[:2]):
        calendar.add_component(event)
    out.write(calendar.to_ical())


def _events(row: Row, about: About) -> Iterator[tuple[date, str, Event]]:
    stated = due_date(row)
    own: dict[str, list[str]] = {}
    for quantity in targets_of(row):
        if quantity["deadline"] and quantity["deadline"] != stated:
            own.setdefault(quantity["deadline"], []).append(quantity_words(quantity))
    if stated:
        day = date.fromisoformat(stated)
        yield day, row["id"], _event(row, about, day, row["id"], row["statement"])
    for number, (text, targets) in enumerate(sorted(own.items())):
        day = date.fromisoformat(text)
        uid = row["id"] if number == 0 and not stated else f"{row['id']}-{text}"
        yield day, uid, _event(row, about, day, uid, f"{', '.join(targets)}: {row['statement']}")


def _event(row: Row, about: About, day: date, uid: str, summary: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", about.date)
    event.add("dtstart", day)
    if day < date.max:
        event.add(
            "dtend", day + timedelta(days=1)
        )  # the day after: the end is not part of an event
    event.add("transp", "TRANSPARENT")  # a deadline does not make anybody busy
    event.add("summary", one_line(_shortened(f"Due: {one_line(summary)}")))
    event.add("categories", [one_line(topic_words(row["topic"]))])
    event.add("description", "\n".join(_description(row)))
    url = web_link(row.get("source_link"))
    if url:
        event.add("url", url)
    return event


def _description(row: Row) -> Iterator[str]:
    yield one_line(row["statement"])
    yield ""
    facts = (
        ("Force", MODALITIES.get(row["modality"], row["modality"])),
        ("Who", bearer_words(row)),
        ("Target", "; ".join(target_words(row))),
        ("Condition", row["condition"]),
        ("Deadline as written", row["deadline"]["text"] if row["deadline"] else None),
        ("Source", source_words(row)),
        ("Section", row["section"]),
    )
    for name, value in facts:
        if value:
            yield f"{name}: {one_line(value)}"


def _shortened(text: str) -> str:
    if len(text) <= _SUMMARY:
        return text
    return text[:_SUMMARY].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
