# A new time is a new arrangement; the old one is nobody's fault.
story   改期后取消
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T09:00:00 王磊 test-drive.reschedule slot=2026-03-10T10:00:00 reason=出差
2026-03-09T17:00:00 何勇 test-drive.confirm by=sms
2026-03-10T08:30:00 王磊 test-drive.cancel reason=下雨
until   2026-03-11T00:00:00
expect  state drives.waiting
expect  findings none
