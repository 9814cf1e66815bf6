# An offer that is turned down is on record; the next one starts afresh.
story   谢绝试驾
process journey
dealer  base
party   王磊 customer
2026-03-07T11:00:00 林涛 test-drive.decline reason=赶时间
2026-03-09T11:00:00 王磊 test-drive.request slot=2026-03-12T14:00:00 model=SUV-A driver=王磊
2026-03-09T11:30:00 何勇 test-drive.confirm by=call
until   2026-03-10T00:00:00
expect  state booked
expect  findings none
