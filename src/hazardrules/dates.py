"""Days and minutes as the law counts them: Asia/Shanghai, and periods that only run forward."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991
NEVER_WORDS = ("从未", "never")
NEVER_DAY, NEVER_TIME = date.min, datetime.min  # what never happened lies before all dates
PERIODS = {"day": 0, "days": 0, "month": 1, "months": 1, "year": 12, "years": 12}

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_TIME = re.compile(r"(.+?)(?:[T\s]\s*)(\d{1,2})[:：](\d{2})(?::[0-5]\d(?:\.\d+)?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


def today() -> date:
    """Return the day that it is now in Asia/Shanghai."""
    return datetime.now(SHANGHAI).date()


def parse_day(value: object) -> date | None:
    """Return the day written in *value* ("2026-03-01", "2026年3月1日"), None where it is none."""
    if isinstance(value, datetime):
        moment = parse_time(value)
        return moment and moment.date()
    if isinstance(value, date):
        return value if _FIRST_YEAR <= value.year <= _LAST_YEAR else None
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def parse_time(value: object) -> datetime | None:
    """Return the minute written in *value* ("2026-03-01 08:30"), None where it is none."""
    if isinstance(value, datetime):
        return _local(value) if _FIRST_YEAR <= value.year <= _LAST_YEAR else None
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    day = parse_day(found[1]) if found else None
    if not found or day is None or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    moment = datetime(day.year, day.month, day.day, int(found[2]), int(found[3]))
    if zone := found[4]:
        return _local(datetime.fromisoformat(f"{moment.isoformat()}{zone.replace('Z', '+00:00')}"))
    return moment


def _local(moment: datetime) -> datetime:
    """Return *moment* as naive Shanghai time, to the minute; a naive one is taken as such."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(SHANGHAI).replace(tzinfo=None)
    return moment.replace(second=0, microsecond=0)


def later(day: date, count: int, period: str) -> date:
    """Return *day* plus *count* days, months or years.

    Where the month has no such day its last one counts; what never happened stays long past.
    """
    months = PERIODS[period] * count
    try:
        if not months:
            return day + timedelta(days=count)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return day.replace(year=year, month=month + 1, day=min(day.day, last))
    except (OverflowError, ValueError):
        return type(day).max


def show(day: date) -> str:
    """Return *day* as text: "2026-03-01", "2026-03-01 08:30" or "从未"."""
    if day in (NEVER_DAY, NEVER_TIME):
        return NEVER_WORDS[0]
    if isinstance(day, datetime):
        return day.strftime("%Y-%m-%d %H:%M")
    return day.isoformat()
