# Licence and agreement are owed by each driver. One year to the day is a year.
story   两人轮流试驾
process journey
dealer  base
party   王磊 customer
party   刘敏 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T13:20:00 何勇 test-drive.prepare_car daily_check=DC-0308
2026-03-08T13:25:00 何勇 test-drive.prepare_papers
2026-03-08T13:30:00 何勇 test-drive.prepare_site route=R2
2026-03-08T14:00:00 王磊 test-drive.check_in
2026-03-08T14:04:00 何勇 test-drive.licence_check class=C1 first_issue=2015-06-02
2026-03-08T14:08:00 王磊 test-drive.agreement version=TD-4
2026-03-08T14:12:00 何勇 test-drive.briefing
2026-03-08T14:13:00 刘敏 test-drive.start !refused CS-4.3.2
2026-03-08T14:14:00 何勇 test-drive.licence_check driver=刘敏 class=C2 first_issue=2025-03-08
2026-03-08T14:16:00 刘敏 test-drive.agreement version=TD-4
2026-03-08T14:18:00 王磊 test-drive.start odo=3412 companion=何勇
2026-03-08T14:28:00 何勇 test-drive.swap driver=张三 stopped=yes !refused CS-4.3.3
2026-03-08T14:30:00 何勇 test-drive.swap driver=刘敏 stopped=yes
2026-03-08T14:46:00 刘敏 test-drive.end odo=3424
2026-03-08T14:52:00 何勇 test-drive.inspect_car damage=none
2026-03-08T14:58:00 王磊 test-drive.feedback car=9
2026-03-08T15:20:00 何勇 test-drive.archive ref=TD-0308-1
until   2026-03-09T00:00:00
expect  state drives.waiting
expect  finding GUARD_BLOCKED info CS-4.3.2
expect  finding GUARD_BLOCKED info CS-4.3.3
