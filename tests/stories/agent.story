# 代理人同意、签约、选保险、验车、投诉、退车，都有效；他提的权利请求按时答复。
story   一切由代理人办
process journey
dealer  base
party   公司 company
party   孙悦 customer
party   周明 agent
2026-05-06T10:00:00 周敏 reception.arrive channel=showroom party=1 purpose=look first_visit=yes
2026-05-06T10:00:20 周敏 reception.greet
2026-05-06T10:01:00 林涛 customer-info.notice text=v3 purposes=contact,service,marketing
2026-05-06T10:01:30 周明 customer-info.consent contact=yes service=yes marketing=yes
2026-05-06T10:02:00 林涛 reception.register purpose=look
2026-05-06T10:03:00 林涛 reception.offer_rest outcome=accepted
2026-05-06T10:20:00 林涛 reception.listen needs=通勤 worries=none
2026-05-06T10:30:00 林涛 needs.card channel=showroom name=孙悦 contacts=mobile:13800000009(valid),wechat:sun_yue09(valid) models=SUV-A budget=200000 urgency=P1M uses=家用 main_user=本人
2026-05-06T10:35:00 林涛 needs.show models=SUV-A
2026-05-06T10:40:00 林涛 needs.explain points=空间
2026-05-06T10:45:00 林涛 needs.analyse ranked=空间
2026-05-06T10:50:00 林涛 needs.recommend options=SUV-A(need=空间;reason=后排宽;value=保值)
2026-05-06T10:55:00 林涛 needs.grade intention=high cycle=P1M grade=A
2026-05-06T11:00:00 林涛 needs.record system=CRM id=C-0009
2026-05-06T11:05:00 林涛 followup.next_contact type=visit at=2026-05-06T15:00:00
2026-05-06T11:10:00 周敏 reception.left_store
2026-05-06T12:00:00 林涛 followup.thanks channel=wechat recap=SUV-A
2026-05-06T12:10:00 周明 customer-info.request kind=copy
2026-05-06T12:20:00 邓可 customer-info.answer_request result=done
2026-05-06T12:30:00 周明 customer-info.withdraw purpose=location
2026-05-06T15:00:00 周明 journey.intention_confirmed
2026-05-06T15:02:00 林涛 contract.confirm_intent model=SUV-A colour=白 config=豪华 charger=yes
2026-05-06T15:10:00 林涛 contract.brief fees=车价 ack=yes
2026-05-06T15:15:00 林涛 contract.give_template
2026-05-06T15:20:00 林涛 contract.explain_clauses
2026-05-06T15:30:00 林涛 contract.fill price=198000 deposit=10000
2026-05-06T15:40:00 林涛+周明 contract.co_check
2026-05-06T15:50:00 周明+公司 contract.sign price=198000 deposit=10000
2026-05-06T16:00:00 林涛 contract.archive
2026-05-06T16:10:00 罗成 registration.give_list
2026-05-06T16:20:00 林涛 delivery.schedule at=2026-05-09T10:00:00
2026-05-06T16:30:00 韩梅 fulfilment.quote_insurance insurer=甲
2026-05-06T16:40:00 周明 fulfilment.choose_insurance
2026-05-07T10:00:00 周明 registration.collect missing=none
2026-05-07T11:00:00 白雪 fulfilment.paid invoice=2026-05-07
2026-05-07T12:00:00 方圆 fulfilment.charger_install
2026-05-07T14:00:00 罗成 registration.tax_paid
2026-05-07T15:00:00 罗成 registration.submit
2026-05-08T10:00:00 罗成+周明 registration.collect_papers by=office
2026-05-08T16:00:00 丁一 delivery.pdi items=46 fail=none
2026-05-08T17:00:00 许多 delivery.confirm_slot
2026-05-09T08:10:00 许多 delivery.clean in=yes out=yes
2026-05-09T08:20:00 许多 delivery.fuel pct=100
2026-05-09T08:30:00 许多 delivery.docs missing=none invoice=yes certificate=yes manual=yes warranty=yes sanbao=yes
2026-05-09T08:35:00 沈括 delivery.docs_tick
2026-05-09T08:40:00 许多 delivery.ready
2026-05-09T09:58:00 周敏 delivery.customer_arrived
2026-05-09T10:10:00 林涛+周明 delivery.inspect_together config=match keys=2
2026-05-09T10:40:00 林涛 delivery.explain functions=yes maintenance=yes emergency=yes sanbao=yes safety=yes tools=yes questions=1 answered=1 can_use=yes
2026-05-09T10:45:00 方圆 delivery.introduce_service advisor=方圆
2026-05-09T10:50:00 林涛 delivery.ceremony items=鲜花
2026-05-09T10:55:00 林涛 delivery.gift policy=G-2026-1 items=脚垫
2026-05-09T11:00:00 周明+林涛 delivery.sign_sheet plates=formal
2026-05-09T12:00:00 许多 message.service text=已交车
2026-05-10T10:00:00 周明 care.lost_certificate
2026-05-11T10:00:00 林涛 care.call use=好 doubts=无 satisfaction=8
2026-05-12T10:00:00 苏晴 care.reissue_certificate free=yes
2026-05-13T10:00:00 林涛 complaint.register about=car facts=异响
2026-05-13T10:10:00 周敏 complaint.report_up
2026-05-13T11:00:00 周明 complaint.request_return
2026-05-13T12:00:00 陈静 complaint.first_answer
2026-05-14T10:00:00 沈括 complaint.answer_return agreed=yes
2026-05-15T10:00:00 沈括 complaint.finish_return
2026-05-15T11:00:00 沈括 complaint.resolve what=退车 agreed=yes
2026-05-15T12:00:00 苏晴 complaint.verify satisfied=yes
until   2026-05-16T00:00:00
expect  findings none
