# 退件重办，临牌超期，第四次临牌被拒，代理没有委托书。
story   上牌一波三折
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
2026-05-06T16:10:00 罗成 registration.give_list v=2026-02 missing=居住证
2026-05-06T16:20:00 罗成 registration.submit !refused CS-5.3.2
2026-05-07T11:00:00 白雪 fulfilment.paid invoice=2026-05-07
2026-05-07T12:00:00 罗成 registration.hold reason=等指标
2026-05-08T10:00:00 罗成 registration.collect missing=居住证
2026-05-09T10:00:00 罗成 registration.chase
2026-05-09T11:00:00 罗成 registration.temp_plate no=1 valid_to=2026-07-20 !refused LW-28
2026-05-09T11:01:00 罗成 registration.temp_plate no=1 valid_to=2026-06-05
2026-05-11T10:00:00 孙悦 registration.collect missing=none agent_papers=yes
2026-05-12T10:00:00 罗成 registration.tax_paid
2026-05-13T10:00:00 罗成 registration.submit office=车管所 receipt=9101 agent=yes poa=no !refused LW-29
2026-05-13T10:01:00 罗成 registration.submit office=车管所 receipt=9101 agent=yes poa=yes
2026-05-13T11:00:00 罗成 message.service text=已递交
2026-05-14T10:00:00 罗成 registration.rejected reason=照片不清
2026-05-15T10:00:00 罗成 registration.submit office=车管所 receipt=9102
2026-05-15T11:00:00 罗成 registration.accepted
2026-05-16T10:00:00 林涛 message.service text=已受理
2026-05-18T16:00:00 罗成 registration.issued
2026-05-18T17:00:00 孙悦 registration.collect_papers by=office !refused CS-5.3.4
2026-05-18T17:05:00 林涛+孙悦 registration.collect_papers by=office
until   2026-05-19T00:00:00
expect  finding GUARD_BLOCKED info CS-5.3.3
expect  finding GUARD_BLOCKED info LW-28
expect  finding GUARD_BLOCKED info LW-29
expect  finding STEP_LATE info LW-26
expect  finding GUARD_BLOCKED info CS-5.3.4
