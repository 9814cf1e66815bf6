# 费用不在明细上、定金超过两成、低于限价、员工代签，都签不了；放弃后回到售前。
story   合同的红线
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
2026-05-06T15:30:00 林涛 contract.fill model=SUV-A colour=白 config=豪华 price=198000 deposit=50000 floor=200000 fees=车价,出库费
2026-05-06T15:40:00 林涛+孙悦 contract.co_check
2026-05-06T15:50:00 孙悦+公司 contract.sign price=198000 deposit=50000 !refused LW-02
2026-05-06T15:55:00 林涛 contract.fill model=SUV-A colour=黑 config=豪华 price=198000 deposit=50000 !refused CS-5.1.3b
2026-05-06T15:56:00 林涛 contract.fill model=SUV-A colour=白 config=豪华 price=198000 floor=200000 deposit=50000 fees=车价 vin=LSVAA4182E2184847 idno=11010519491231002X
2026-05-06T15:57:00 林涛+孙悦 contract.co_check
2026-05-06T15:58:00 孙悦+公司 contract.sign price=198000 deposit=50000 !refused LW-37
2026-05-06T15:59:00 孙悦+公司 contract.sign price=198000 deposit=10000 !refused MP-35
2026-05-06T16:00:00 林涛+公司 contract.sign price=198000 deposit=10000 !refused CS-5.1.4b
2026-05-06T16:05:00 沈括 contract.approve_price
2026-05-06T16:06:00 白雪 contract.approve_price_finance
2026-05-06T16:10:00 孙悦 contract.abandon reason=再想想
until   2026-05-06T18:00:00
expect  state pre_sale
expect  state no_contract
expect  finding FIELD_INVALID major CR-2.1.1d
expect  finding GUARD_BLOCKED info LW-02
expect  finding GUARD_BLOCKED info CS-5.1.3b
expect  finding GUARD_BLOCKED info LW-37
expect  finding GUARD_BLOCKED info MP-35
expect  finding ROLE_DENIED info CS-5.1.4b
