# After 18:00 the day before is over: due within the hour.
story   晚间预约次日
process journey
dealer  base
party   王磊 customer
2026-03-07T20:00:00 林涛 test-drive.request slot=2026-03-08T10:00:00 model=SUV-A driver=王磊
2026-03-07T20:30:00 林涛 test-drive.confirm by=wechat
until   2026-03-08T09:00:00
expect  findings none
