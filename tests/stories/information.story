# 人脸和儿童信息收集不了，没有同意分析不了，超量导出要审批；合并与复查照常。
story   收集、更新、分析、导出
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
2026-05-06T13:00:00 林涛 customer-info.collect channel=showroom method=interview fields=姓名,电话 purpose=contact minimal=yes
2026-05-06T13:01:00 周敏 customer-info.collect channel=showroom method=face !refused LW-52
2026-05-06T13:02:00 周敏 customer-info.collect channel=showroom method=form under_14=yes guardian=no !refused LW-43
2026-05-06T13:03:00 周敏 customer-info.collect channel=referral method=scan under_14=yes guardian=yes
2026-05-06T13:10:00 邓可 customer-info.update field=电话 old=1 new=2 reason=换号 phone=13800000010 wants=SUV cars=轿车
2026-05-06T13:20:00 邓可 customer-info.analyse purpose=marketing
2026-05-06T13:30:00 孙悦 customer-info.withdraw purpose=contact text=不用打电话
2026-05-06T13:40:00 邓可 data.export rows=60 !refused LW-48
2026-05-06T13:41:00 邓可 data.export rows=60 approval=D-1
2026-05-06T13:42:00 邓可 data.export rows=150 approval=D-2 !refused LW-48
2026-05-06T14:00:00 邓可 customer-info.merge other=C-0010
2026-05-06T14:10:00 罗成 customer-info.view item=idno task=上牌
2026-05-06T14:20:00 林涛 customer-info.view item=licence task=试驾 !refused LW-48
2026-05-06T14:30:00 邓可 customer-info.feedback actions=补充来源
2026-05-07T10:00:00 林涛 followup.value class=usage concern=后备箱
2026-05-07T11:00:00 林涛 message.value text=用车知识
2026-05-07T12:00:00 顾严 review.mark event=needs.card mark=ok
until   2026-05-08T00:00:00
expect  finding GUARD_BLOCKED info LW-52
expect  finding GUARD_BLOCKED info LW-43
expect  finding GUARD_BLOCKED info LW-48
expect  finding GUARD_BLOCKED info LW-48
expect  finding ROLE_DENIED info LW-48
