"""What Tender's ids are counted from: none is the number that people see."""

DISCUSSION = 15_805_000
COMMENT = 39_079_000
USER = 3_387_000
TEAM_QUEUE = 12_000
PERSON_QUEUE = 24_000
CATEGORY = 71_360
