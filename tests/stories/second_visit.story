# A second visit while the first is on is refused; later it is a visit of its own. Who fetches papers is not asked for needs.
story   再次到店取件
process journey
dealer  base
party   王磊 customer
2026-03-07T10:00:00 周敏 reception.arrive channel=showroom
2026-03-07T10:00:40 周敏 reception.greet
2026-03-07T10:01:00 林涛 customer-info.notice text=v3 purposes=contact
2026-03-07T10:02:00 林涛 reception.register
2026-03-07T10:03:00 林涛 reception.offer_rest outcome=declined
2026-03-07T10:05:00 周敏 reception.contact_opened channel=online !refused
2026-03-07T10:20:00 林涛 reception.listen needs=通勤 worries=none
2026-03-07T10:25:00 林涛 needs.decline_info what=联系方式
2026-03-07T10:26:00 林涛 needs.card name=孙悦 contacts=mobile:13800000003(valid),wechat:sunyue03(valid) models=SUV-A budget=200000 urgency=P1M uses=家用 main_user=本人
2026-03-07T10:30:00 周敏 reception.left_store
2026-03-07T10:40:00 林涛 needs.record system=CRM id=C-0003
2026-03-07T18:00:00 林涛 followup.thanks channel=sms recap=SUV-A
2026-03-09T09:00:00 周敏 reception.arrive channel=showroom purpose=paperwork
2026-03-09T09:00:30 周敏 reception.greet
2026-03-09T09:01:00 周敏 reception.register
2026-03-09T09:02:00 周敏 reception.offer_rest outcome=declined
2026-03-09T09:10:00 周敏 reception.left_store
until   2026-03-10T00:00:00
expect  state visits.waiting
expect  findings none
