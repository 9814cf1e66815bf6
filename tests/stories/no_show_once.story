# Missed, called back the same day, came the next day.
story   爽约一次后改约
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T15:00:00 林涛 test-drive.no_show_call result=rebook slot=2026-03-09T10:00:00
2026-03-08T16:00:00 何勇 test-drive.confirm by=wechat
2026-03-09T09:20:00 何勇 test-drive.prepare_car daily_check=DC-0309
2026-03-09T09:25:00 何勇 test-drive.prepare_papers
2026-03-09T09:30:00 何勇 test-drive.prepare_site route=R2
2026-03-09T09:55:00 王磊 test-drive.check_in
2026-03-09T10:00:00 何勇 test-drive.licence_check class=C1 first_issue=2015-06-02
2026-03-09T10:04:00 王磊 test-drive.agreement version=TD-4
2026-03-09T10:08:00 何勇 test-drive.briefing
2026-03-09T10:12:00 王磊 test-drive.start odo=3412
2026-03-09T10:40:00 王磊 test-drive.end odo=3424
2026-03-09T10:45:00 何勇 test-drive.inspect_car damage=none
2026-03-09T10:50:00 王磊 test-drive.feedback car=9
2026-03-09T11:00:00 何勇 test-drive.archive ref=TD-0309-1
until   2026-03-10T00:00:00
expect  state drives.waiting
expect  findings none
