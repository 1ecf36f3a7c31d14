"""The floors: the bare SDKs, doing nothing but what every bot on them has to do."""
