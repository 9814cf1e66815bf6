# No agreement, then no papers prepared: the gate holds both times. The odometer does not run backwards.
story   没签协议就要开
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T13:20:00 何勇 test-drive.prepare_car daily_check=DC-0308
2026-03-08T13:30:00 何勇 test-drive.prepare_site route=R2
2026-03-08T14:00:00 王磊 test-drive.check_in
2026-03-08T14:04:00 何勇 test-drive.licence_check class=C1 first_issue=2015-06-02
2026-03-08T14:06:00 何勇 test-drive.briefing
2026-03-08T14:07:00 王磊 test-drive.start odo=3412 !refused CS-4.3.2
2026-03-08T14:08:00 王磊 test-drive.agreement version=TD-4
2026-03-08T14:09:00 王磊 test-drive.start odo=3412 !refused CS-4.2.2
2026-03-08T14:10:00 何勇 test-drive.prepare_papers
2026-03-08T14:18:00 王磊 test-drive.start odo=3412
2026-03-08T14:46:00 王磊 test-drive.end odo=3400 !refused CS-4.3.4
2026-03-08T14:47:00 王磊 test-drive.end odo=3424
2026-03-08T14:52:00 何勇 test-drive.inspect_car damage=none
2026-03-08T14:58:00 王磊 test-drive.feedback car=9
2026-03-08T15:20:00 何勇 test-drive.archive ref=TD-0308-1
until   2026-03-09T00:00:00
expect  state drives.waiting
expect  finding GUARD_BLOCKED info CS-4.3.2
expect  finding GUARD_BLOCKED info CS-4.2.2
expect  finding GUARD_BLOCKED info CS-4.3.4
