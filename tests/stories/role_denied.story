# The car is prepared by the specialist.
story   前台备车
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T13:20:00 周敏 test-drive.prepare_car !refused CS-4.2.1
2026-03-08T13:25:00 何勇 test-drive.prepare_car daily_check=DC-0308
until   2026-03-08T13:30:00
expect  finding ROLE_DENIED info CS-4.2.1
