# The clean journey as far as the archive of the test drive.
story   王磊：接待与试驾
process journey
dealer  base
staff   周敏 receptionist
staff   林涛 sales_consultant
staff   何勇 test_drive_specialist
party   王磊 customer
2026-03-07T10:02:00 周敏 reception.arrive channel=showroom party=2 purpose=look first_visit=yes
2026-03-07T10:02:40 周敏 reception.greet
2026-03-07T10:04:20 林涛 reception.register companions=妻子
2026-03-07T10:06:30 林涛 reception.offer_rest outcome=accepted
2026-03-07T10:30:00 林涛 reception.listen needs=露营,接送孩子,省油 worries=后备箱空间
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊 channel=showroom
2026-03-07T11:20:00 周敏 reception.left_store
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-08T13:20:00 何勇 test-drive.prepare_car clean=yes fuel_pct=70 plates=valid insurance=valid daily_check=DC-0308
2026-03-08T13:25:00 何勇 test-drive.prepare_papers
2026-03-08T13:30:00 何勇 test-drive.prepare_site route=R2
2026-03-08T14:00:00 王磊 test-drive.check_in
2026-03-08T14:04:00 何勇 test-drive.licence_check driver=王磊 class=C1 first_issue=2015-06-02 valid_to=2031-06-02 carried=yes
2026-03-08T14:08:00 王磊 test-drive.agreement version=TD-4
2026-03-08T14:12:00 何勇 test-drive.briefing
2026-03-08T14:18:00 王磊 test-drive.start odo=3412 companion=何勇
2026-03-08T14:46:00 王磊 test-drive.end odo=3424
2026-03-08T14:52:00 何勇 test-drive.inspect_car damage=none
2026-03-08T14:58:00 王磊 test-drive.feedback car=9 route=8 guide=9 will_buy=yes
2026-03-08T15:20:00 何勇 test-drive.archive ref=TD-0308-1
2026-03-08T17:40:00 林涛 message.service
2026-03-10T15:00:00 林涛 message.service
until   2026-03-11T00:00:00
expect  state pre_sale
expect  state visits.waiting
expect  state drives.waiting
expect  findings none
