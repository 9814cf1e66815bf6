# The same, typed two hours and twenty-five minutes later.
story   到店补录过迟
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T13:20:00 何勇 test-drive.prepare_car daily_check=DC-0308
2026-03-08T13:25:00 何勇 test-drive.prepare_papers
2026-03-08T13:30:00 何勇 test-drive.prepare_site route=R2
2026-03-08T14:05:00 王磊 test-drive.check_in rec=2026-03-08T16:30:00
2026-03-08T16:31:00 何勇 test-drive.licence_check class=C1 first_issue=2015-06-02
2026-03-08T16:32:00 王磊 test-drive.agreement version=TD-4
2026-03-08T16:33:00 何勇 test-drive.briefing
2026-03-08T16:34:00 王磊 test-drive.start odo=3412
until   2026-03-08T16:40:00
expect  state out
expect  finding LATE_ENTRY info T-LAG
