# 核对身份，取得证件扫描和行踪的单独同意后试驾；爽约回访由展厅经理免去。
story   证件与行踪的同意
process journey
dealer  base
party   公司 company
party   孙悦 customer
2026-05-06T09:00:00 周敏 test-drive.request slot=2026-05-07T10:00:00 model=EV-A driver=孙悦 channel=phone
2026-05-06T10:00:00 何勇 test-drive.confirm by=call
2026-05-07T11:00:00 陈静 waive test-drive.no_show_call reason="已电话说明"
2026-05-08T09:00:00 周敏 test-drive.request slot=2026-05-09T10:00:00 model=EV-A driver=孙悦 channel=phone
2026-05-08T10:00:00 何勇 test-drive.confirm by=call
2026-05-09T09:00:00 何勇 test-drive.prepare_car clean=yes soc=80 plates=valid insurance=valid
2026-05-09T09:10:00 何勇 test-drive.prepare_papers
2026-05-09T09:20:00 何勇 test-drive.prepare_site route=R2
2026-05-09T09:55:00 周敏 test-drive.check_in
2026-05-09T09:56:00 何勇 test-drive.id_check
2026-05-09T09:57:00 孙悦 test-drive.consent id_scan=yes location=yes
2026-05-09T09:58:00 何勇 test-drive.licence_check class=C2 first_issue=2018-01-01 valid_to=2028-01-01 carried=yes fitness=yes
2026-05-09T10:00:00 孙悦 test-drive.agreement
2026-05-09T10:02:00 何勇 test-drive.briefing
2026-05-09T10:05:00 孙悦 test-drive.start odo=100 belts=yes companion=何勇
2026-05-09T10:30:00 孙悦 test-drive.end odo=110
2026-05-09T10:40:00 何勇 test-drive.inspect_car damage=none
2026-05-09T10:45:00 孙悦 test-drive.feedback refused=yes
2026-05-09T11:00:00 何勇 test-drive.archive
until   2026-05-09T12:00:00
expect  finding OVERRIDE_USED minor MP-20
