# 规则组 A：没试驾也没声明不能签；节日祝福加优惠不行；两周一条营销信息。
story   旗舰店：先试驾、九分才邀评、节日静默
process journey
dealer  A
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
2026-05-06T15:45:00 孙悦+公司 contract.sign price=198000 deposit=10000 !refused
2026-05-06T15:46:00 孙悦 contract.no_test_drive
2026-05-06T15:50:00 孙悦+公司 contract.sign price=198000 deposit=10000
2026-05-06T16:00:00 林涛 contract.archive ref=K-0012
2026-05-06T16:10:00 罗成 registration.give_list v=2026-02
2026-05-06T16:20:00 林涛 delivery.schedule at=2026-05-09T10:00:00 place=showroom
2026-05-07T10:00:00 罗成 registration.collect missing=none owner_id=yes invoice=yes certificate=yes insurance=yes vessel_tax=yes
2026-05-07T11:00:00 白雪 fulfilment.paid invoice=2026-05-07 amount=198000
2026-05-07T14:00:00 罗成 registration.tax_paid
2026-05-07T15:00:00 罗成 registration.submit office=车管所 receipt=9100
2026-05-08T10:00:00 林涛+孙悦 registration.collect_papers by=office items=行驶证,号牌,登记证书
2026-05-08T16:00:00 丁一 delivery.pdi items=46 fail=none
2026-05-08T17:00:00 许多 delivery.confirm_slot
2026-05-09T08:10:00 许多 delivery.clean in=yes out=yes
2026-05-09T08:20:00 许多 delivery.fuel pct=100
2026-05-09T08:30:00 许多 delivery.docs missing=none invoice=yes certificate=yes manual=yes warranty=yes sanbao=yes
2026-05-09T08:35:00 陈静 delivery.docs_tick
2026-05-09T08:40:00 许多 delivery.ready
2026-05-09T09:58:00 孙悦 delivery.customer_arrived
2026-05-09T10:10:00 林涛+孙悦 delivery.inspect_together config=match keys=2
2026-05-09T10:40:00 林涛 delivery.explain functions=yes maintenance=yes emergency=yes sanbao=yes safety=yes tools=yes questions=1 answered=1 can_use=yes
2026-05-09T10:45:00 方圆 delivery.introduce_service advisor=方圆
2026-05-09T10:50:00 林涛 delivery.ceremony items=鲜花
2026-05-09T10:55:00 林涛 delivery.gift policy=G-2026-1 items=脚垫
2026-05-09T11:00:00 孙悦+林涛 delivery.sign_sheet plates=formal
2026-05-09T11:05:00 苏晴 delivery.satisfaction score=8
2026-05-09T11:06:00 林涛 delivery.invite_review
2026-05-11T10:00:00 林涛 care.call use=好 doubts=无 satisfaction=9
2026-05-12T10:00:00 林涛 message.marketing text=保养券
2026-05-16T10:00:00 苏晴 care.call_later result=reached
2026-05-20T10:00:00 林涛 message.marketing text=精品券
2026-06-19T10:00:00 苏晴 message.mixed text=端午祝福加优惠
until   2026-06-20T00:00:00
expect  finding GUARD_BLOCKED info CS-5.1.4b
expect  finding PROHIBITED major CR-2.3.2
expect  finding FREQ_EXCEEDED minor CR-1.3.2c
expect  finding PROHIBITED major CR-3.1.3
