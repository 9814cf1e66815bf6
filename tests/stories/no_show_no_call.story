# The call is due the same day.
story   爽约后无人回访
process journey
dealer  base
party   王磊 customer
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
until   2026-03-10T00:00:00
expect  state missed
expect  finding STEP_MISSING major T-TDNOSHOW
