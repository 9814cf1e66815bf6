# Due at 18:00 the day before.
story   预约确认晚了
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T19:00:00 何勇 test-drive.confirm by=sms
until   2026-03-08T12:00:00
expect  state booked
expect  finding STEP_LATE minor CS-4.1.3
