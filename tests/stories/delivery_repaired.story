# 检查不合格、维修、复检；没有书面告知并确认，签不了交付单。
story   整备后交车须书面告知
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
2026-05-06T16:10:00 罗成 registration.give_list v=2026-02
2026-05-06T16:20:00 林涛 delivery.schedule at=2026-05-09T10:00:00 place=showroom
2026-05-07T10:00:00 罗成 registration.collect missing=none owner_id=yes invoice=yes certificate=yes insurance=yes vessel_tax=yes
2026-05-07T11:00:00 白雪 fulfilment.paid invoice=2026-05-07 amount=198000
2026-05-07T14:00:00 罗成 registration.tax_paid
2026-05-07T15:00:00 罗成 registration.submit office=车管所 receipt=9100
2026-05-08T10:00:00 林涛+孙悦 registration.collect_papers by=office items=行驶证,号牌,登记证书
2026-05-08T15:00:00 丁一 delivery.pdi items=46 fail=左后门漆
2026-05-08T16:00:00 丁一 delivery.pdi items=3 fail=none re=yes repair=左后门补漆
2026-05-08T17:00:00 许多 delivery.confirm_slot
2026-05-09T08:10:00 许多 delivery.clean in=yes out=yes
2026-05-09T08:20:00 许多 delivery.fuel pct=100
2026-05-09T08:30:00 许多 delivery.docs missing=保修手册
2026-05-09T08:31:00 许多 delivery.docs missing=none
2026-05-09T08:32:00 林涛 delivery.ceremony_plan likes=露营
2026-05-09T08:33:00 林涛 delivery.gift_plan policy=G-2026-1
2026-05-09T08:40:00 许多 delivery.ready
2026-05-09T09:58:00 孙悦 delivery.customer_arrived
2026-05-09T10:10:00 林涛+孙悦 delivery.inspect_together config=differs
2026-05-09T10:11:00 林涛+孙悦 delivery.inspect_together config=match
2026-05-09T10:40:00 林涛 delivery.explain questions=2 answered=1 !refused CR-2.2.4e
2026-05-09T10:41:00 林涛 delivery.explain questions=2 answered=2
2026-05-09T10:45:00 方圆 delivery.introduce_service
2026-05-09T10:46:00 孙悦 delivery.decline_ceremony
2026-05-09T10:55:00 林涛 delivery.gift policy=G-2026-1
2026-05-09T11:00:00 孙悦+林涛 delivery.sign_sheet plates=formal !refused LW-24
2026-05-09T11:02:00 林涛 delivery.disclose written=yes
2026-05-09T11:03:00 孙悦+林涛 delivery.sign_sheet plates=formal !refused LW-24
2026-05-09T11:04:00 林涛+孙悦 delivery.inspect_together config=match disclosure_ack=yes
2026-05-09T11:05:00 孙悦+林涛 delivery.sign_sheet plates=formal
2026-05-09T11:06:00 林涛 delivery.invite_review
until   2026-05-09T12:00:00
expect  finding GUARD_BLOCKED info CR-2.2.4e
expect  finding GUARD_BLOCKED info LW-24
expect  finding GUARD_BLOCKED info LW-24
expect  finding PROHIBITED major CR-2.3.2a
