# 一周内回访了。
story   客户自办，按时回访
process journey
dealer  base
party   公司 company
party   孙悦 customer
2026-05-06T10:00:00 周敏 reception.arrive channel=showroom party=1 purpose=look first_visit=yes
2026-05-06T10:00:20 周敏 reception.greet
2026-05-06T10:01:00 林涛 customer-info.notice text=v3 purposes=contact,service,marketing
2026-05-06T10:01:30 孙悦 customer-info.consent contact=yes service=yes marketing=yes
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
2026-05-06T15:00:00 孙悦 journey.intention_confirmed
2026-05-06T15:02:00 林涛 contract.confirm_intent model=SUV-A colour=白 config=豪华
2026-05-06T15:10:00 林涛 contract.brief steps=签约,付款,交车 materials=身份证 limits=七日 fees=车价,购置税,交强险 sum=220000 warranty=yes ack=yes doubts=0
2026-05-06T15:15:00 林涛 contract.give_template v=2026-1
2026-05-06T15:20:00 林涛 contract.explain_clauses clauses=违约
2026-05-06T15:30:00 林涛 contract.fill model=SUV-A colour=白 config=豪华 price=198000 deposit=10000
2026-05-06T15:40:00 林涛+孙悦 contract.co_check
2026-05-06T15:50:00 孙悦+公司 contract.sign price=198000 deposit=10000
2026-05-06T16:00:00 林涛 contract.archive ref=K-0009
2026-05-06T16:10:00 孙悦 registration.self_service
2026-05-06T16:20:00 罗成 registration.self_list
2026-05-09T10:00:00 林涛 message.service
2026-05-12T10:00:00 林涛 message.service
2026-05-12T11:00:00 罗成 registration.temp_plate no=1 valid_to=2026-06-01
2026-05-12T12:00:00 罗成 registration.self_call plated=yes
until   2026-05-13T00:00:00
expect  findings none
