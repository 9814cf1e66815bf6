# This dealer asks for two years: eighteen months are refused by its hook, twenty-five pass.
story   驾龄不满两年（严管店）
process journey
dealer  strict
party   王磊 customer
party   刘敏 customer
2026-03-07T11:12:00 高远 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 秦松 test-drive.confirm by=wechat
2026-03-08T13:20:00 秦松 test-drive.prepare_car daily_check=DC-0308
2026-03-08T13:25:00 秦松 test-drive.prepare_papers
2026-03-08T13:30:00 秦松 test-drive.prepare_site route=R2
2026-03-08T14:00:00 王磊 test-drive.check_in
2026-03-08T14:04:00 秦松 test-drive.licence_check driver=王磊 class=C1 first_issue=2024-09-08 !refused LW-34
2026-03-08T14:06:00 秦松 test-drive.licence_check driver=刘敏 class=C1 first_issue=2024-02-08
2026-03-08T14:08:00 刘敏 test-drive.agreement version=TD-4
2026-03-08T14:12:00 秦松 test-drive.briefing
2026-03-08T14:18:00 刘敏 test-drive.start odo=3412
2026-03-08T14:46:00 刘敏 test-drive.end odo=3424
2026-03-08T14:52:00 秦松 test-drive.inspect_car damage=none
2026-03-08T14:58:00 刘敏 test-drive.feedback car=9
2026-03-08T15:20:00 秦松 test-drive.archive ref=TD-0308-1
until   2026-03-09T00:00:00
expect  state drives.waiting
expect  finding GUARD_BLOCKED info LW-34
