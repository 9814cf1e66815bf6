# 前台登记投诉和试驾，试驾专员与财务查看证件，展厅经理复查并停止联系。
story   各岗位各管一段
process journey
dealer  base
party   公司 company
party   孙悦 customer
2026-05-06T09:00:00 孙悦 reception.contact_opened channel=online purpose=look
2026-05-06T09:01:00 林涛 customer-info.notice text=v3 purposes=contact
2026-05-06T09:02:00 林涛 reception.listen needs=家用 worries=none
2026-05-06T09:05:00 周敏 needs.card name=孙悦 contacts=mobile:13800000009(valid),wechat:sun_yue09(valid) models=SUV-A budget=200000 urgency=P1M uses=家用 main_user=本人
2026-05-06T09:06:00 林涛 needs.record system=CRM id=C-1
2026-05-06T09:10:00 林涛 reception.chat_closed
2026-05-06T09:20:00 周敏 test-drive.request slot=2026-05-08T10:00:00 model=SUV-A driver=孙悦
2026-05-06T10:00:00 陈静 waive test-drive.confirm reason="当面约好"
2026-05-06T11:00:00 林涛 followup.thanks channel=sms recap=SUV-A
2026-05-07T09:00:00 白雪 customer-info.view item=account task=收款
2026-05-07T09:10:00 何勇 customer-info.view item=licence task=试驾
2026-05-07T09:20:00 陈静 customer-info.feedback actions=少打电话
2026-05-07T10:00:00 周敏 complaint.register about=service
2026-05-07T10:10:00 周敏 complaint.report_up
2026-05-07T11:00:00 陈静 complaint.first_answer
2026-05-07T12:00:00 陈静 complaint.resolve what=致歉 agreed=yes
2026-05-07T13:00:00 苏晴 complaint.verify
2026-05-07T14:00:00 陈静 test-drive.cancel
2026-05-07T14:01:00 周敏 test-drive.request slot=2026-05-09T10:00:00 model=SUV-A driver=孙悦
2026-05-07T14:02:00 孙悦 test-drive.decline
2026-05-07T15:00:00 陈静 followup.stop
2026-05-07T15:10:00 陈静 needs.stop
2026-05-07T16:00:00 林涛 lost-deal.apply kind=dormant reason1=暂缓 reason2=无
2026-05-07T17:00:00 沈括 lost-deal.approve
2026-05-07T18:00:00 陈静 waive lost-deal.verify reason="客户已说明"
2026-05-08T10:00:00 周敏 journey.contact_again
until   2026-05-08T12:00:00
expect  state dormant
expect  finding OVERRIDE_USED minor CS-4.1.3
expect  finding OVERRIDE_USED minor MP-33
