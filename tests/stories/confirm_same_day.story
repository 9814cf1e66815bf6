# Booked for the same day: due within the hour.
story   当日预约确认晚了
process journey
dealer  base
party   王磊 customer
2026-03-08T10:00:00 林涛 test-drive.request slot=2026-03-08T16:00:00 model=SUV-A driver=王磊
2026-03-08T11:10:00 何勇 test-drive.confirm by=call
until   2026-03-08T15:00:00
expect  finding STEP_LATE minor CS-4.1.3
