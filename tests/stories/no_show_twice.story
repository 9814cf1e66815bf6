# The second no-show closes the drive; the second booking was not confirmed. A new request is a new drive.
story   两次爽约
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T15:00:00 林涛 test-drive.no_show_call result=rebook slot=2026-03-09T10:00:00
2026-03-09T11:00:00 林涛 test-drive.no_show_call result=rebook slot=2026-03-10T10:00:00
2026-03-09T11:30:00 林涛 test-drive.confirm by=sms !refused
2026-03-09T12:00:00 林涛 test-drive.request slot=2026-03-12T14:00:00 model=SUV-A driver=王磊
2026-03-09T12:10:00 林涛 test-drive.confirm by=sms
2026-03-09T12:20:00 王磊 test-drive.cancel reason=买了别家
until   2026-03-13T00:00:00
expect  state drives.waiting
expect  finding STEP_MISSING major CS-4.1.3
