"""Italian dates with the month in letters, small as Italian writes it; numbers are Django's."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j b Y"
SHORT_DATETIME_FORMAT = "j b Y, H:i"
MONTH_DAY_FORMAT = "j b"
TIME_FORMAT = "H:i"
FIRST_DAY_OF_WEEK = 1
