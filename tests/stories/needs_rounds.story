# 两轮各两款没有问题；先报价后倾听不行；一个承诺守了约，一个没守。
story   多轮方案与承诺
process journey
dealer  base
party   公司 company
party   孙悦 customer
2026-05-06T10:00:00 周敏 reception.arrive channel=showroom party=1 purpose=look
2026-05-06T10:00:20 周敏 reception.greet
2026-05-06T10:01:00 林涛 customer-info.notice text=v3 purposes=contact kinds=姓名,电话 retention=P180D rights=yes
2026-05-06T10:02:00 林涛 reception.register
2026-05-06T10:03:00 林涛 reception.offer_rest outcome=accepted
2026-05-06T10:04:00 林涛 needs.quote model=SUV-A price=198000
2026-05-06T10:20:00 林涛 reception.listen needs=家用 worries=none
2026-05-06T10:30:00 林涛 needs.card name=孙悦 contacts=mobile:13800000009(valid),email:sunyue@example.com(valid) models=SUV-A budget=200000 urgency=P1M uses=家用 main_user=本人 occupation=教师 hobbies=露营 owned=轿车 more=孩子两个
2026-05-06T10:31:00 林涛 needs.answer q=Q1 status=unverified told_customer=yes promise_due=2026-05-06T18:00:00 text=补贴
2026-05-06T10:32:00 林涛 needs.answer q=Q2 status=unverified told_customer=yes promise_due=2026-05-06T12:00:00 text=交期
2026-05-06T10:35:00 林涛 needs.show models=SUV-A
2026-05-06T10:40:00 林涛 needs.explain points=空间 concerns=后备箱
2026-05-06T10:45:00 林涛 needs.analyse ranked=空间
2026-05-06T10:50:00 林涛 needs.recommend options=SUV-A(need=空间;reason=宽;value=保值),SUV-B(need=油耗;reason=省;value=低价)
2026-05-06T10:55:00 林涛 needs.recommend options=SUV-A(need=空间;reason=宽;value=保值),SUV-C(need=空间;reason=宽;value=新款)
2026-05-06T10:56:00 林涛 needs.recommend options=SUV-A(need=空间)
2026-05-06T10:58:00 林涛 needs.grade intention=low cycle=P6M grade=C
2026-05-06T11:00:00 林涛 needs.record system=CRM id=C-0011 questions=补贴,交期 concerns=后备箱
2026-05-06T11:05:00 林涛 followup.next_contact type=refused reason=不要再约
2026-05-06T11:10:00 周敏 reception.left_store
2026-05-06T12:00:00 林涛 followup.thanks channel=sms recap=SUV-A
2026-05-06T15:00:00 林涛 needs.answer q=Q2 status=verified by=陈静
2026-05-06T17:00:00 林涛 needs.answer q=Q1 status=verified by=陈静
until   2026-05-07T00:00:00
expect  finding ORDER_VIOLATION major CR-1.2.1a
expect  finding STEP_LATE minor CR-1.2.2d
expect  finding FIELD_INVALID minor CR-1.2.3c
expect  finding FIELD_INVALID minor CR-1.2.3d
