"""The audit's calendar: when a quarter's data are in, and which quarters must stand."""

import datetime as dt
from zoneinfo import ZoneInfo

from naome_assets.quarters import Quarter

TIME_ZONE = "Europe/London"

#: COSD is due 25 working days after a month's end; by the 20th of the second month after a
#: quarter its three months are in (data arrive in February, May, August and November).
AFTER_FREEZE = "0 6 20 2,5,8,11 *"
#: The run of the 20th must have made the tables by noon of the day after.
_DEADLINE = (21, 12)


def last_due(now: dt.datetime) -> Quarter:
    """The last quarter whose tables must stand at a time."""
    here = now.astimezone(ZoneInfo(TIME_ZONE))
    quarter = Quarter.of_date(here.date()) + -1
    # The middle month of a quarter is that of the freeze of the quarter before.
    is_due = (here.month % 3, here.day, here.hour) >= (2, *_DEADLINE) or here.month % 3 == 0
    return quarter if is_due else quarter + -1
