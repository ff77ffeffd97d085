"""The audit's calendar: when a quarter's data are in, and when its tables must stand."""

import datetime as dt

import dagster as dg

TIME_ZONE = "Europe/London"

#: COSD is due 25 working days after a month's end; by the 20th of the second month after a
#: quarter its three months are in (data arrive in February, May, August and November).
AFTER_FREEZE = "0 6 20 2,5,8,11 *"

#: The run of the 20th must have made the tables by noon of the day after.
AFTER_EACH_FREEZE = dg.FreshnessPolicy.cron(
    deadline_cron="0 12 21 2,5,8,11 *",
    lower_bound_delta=dt.timedelta(hours=30),
    timezone=TIME_ZONE,
)
