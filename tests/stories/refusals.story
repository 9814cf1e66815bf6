# Typos and missing fields are refused and leave no finding; a check that says no does.
story   填错的预约
process journey
dealer  base
party   王磊 customer
2026-03-07T11:00:00 林涛 test-drive.request slot=2026-03-06T14:00:00 model=SUV-A driver=王磊 !refused CS-4.1.2
2026-03-07T11:01:00 林涛 test-drive.request model=SUV-A driver=王磊 !refused
2026-03-07T11:02:00 林涛 test-drive.request slot=明天下午 model=SUV-A driver=王磊 !refused
2026-03-07T11:03:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊 mobile=12345 !refused
2026-03-07T11:04:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊 colour=白 !refused
2026-03-07T11:05:00 林涛 test-drive.confirm by=wechat !refused
2026-03-07T11:06:00 林涛 test-drive.book !refused
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊 mobile=13800000001
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
until   2026-03-08T00:00:00
expect  state booked
expect  finding GUARD_BLOCKED info CS-4.1.2
