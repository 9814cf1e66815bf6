# Reported in time, insurer told; the statement needs the customer too.
story   试驾中刮擦
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T13:20:00 何勇 test-drive.prepare_car daily_check=DC-0308
2026-03-08T13:25:00 何勇 test-drive.prepare_papers
2026-03-08T13:30:00 何勇 test-drive.prepare_site route=R2
2026-03-08T14:00:00 王磊 test-drive.check_in
2026-03-08T14:04:00 何勇 test-drive.licence_check class=C1 first_issue=2015-06-02
2026-03-08T14:08:00 王磊 test-drive.agreement version=TD-4
2026-03-08T14:12:00 何勇 test-drive.briefing
2026-03-08T14:18:00 王磊 test-drive.start odo=3412
2026-03-08T14:30:00 王磊 test-drive.incident what=刮擦 injured=no
2026-03-08T14:36:00 何勇 test-drive.report_manager
2026-03-08T14:40:00 何勇 test-drive.call_insurer
2026-03-08T14:50:00 何勇 test-drive.statement !refused CS-4.3.3
2026-03-08T14:55:00 何勇+王磊 test-drive.statement
2026-03-08T15:10:00 何勇 test-drive.inspect_car damage=右前门刮痕
2026-03-08T15:20:00 王磊 test-drive.feedback car=9
2026-03-08T15:40:00 何勇 test-drive.archive ref=TD-0308-1
until   2026-03-09T00:00:00
expect  state drives.waiting
expect  finding ROLE_DENIED info CS-4.3.3
