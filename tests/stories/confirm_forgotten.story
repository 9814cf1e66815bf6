# Missed by the deadline and again by leaving the state: one finding.
story   预约没有确认
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-08T14:00:00 王磊 test-drive.check_in
until   2026-03-09T00:00:00
expect  state checked_in
expect  finding STEP_MISSING major CS-4.1.3
