# 给定的第四个故事：代理提车、手续退件、节日营销（新能源直营店，规则组 B）。签约之前的步骤都按时做了。
story   周婷：代理提车，手续不顺
process journey
dealer  B
party   公司 company
party   周婷 customer
party   周明 agent
2026-09-04T10:00:00 周敏 reception.arrive channel=showroom party=1 purpose=look first_visit=yes
2026-09-04T10:00:20 周敏 reception.greet
2026-09-04T10:01:00 林涛 customer-info.notice text=v3 purposes=contact,service,marketing
2026-09-04T10:01:30 周婷 customer-info.consent contact=yes service=yes marketing=yes share_insurer=no
2026-09-04T10:02:00 林涛 reception.register
2026-09-04T10:03:00 林涛 reception.offer_rest outcome=accepted
2026-09-04T10:20:00 林涛 reception.listen needs=通勤 worries=续航
2026-09-04T10:30:00 林涛 needs.card name=周婷 contacts=mobile:13700000004(valid),wechat:zhou_ting(valid) models=EV-A budget=240000 urgency=P7D uses=通勤 main_user=本人
2026-09-04T10:35:00 林涛 needs.show models=EV-A
2026-09-04T10:40:00 林涛 needs.explain points=续航,充电
2026-09-04T10:45:00 林涛 needs.analyse ranked=续航
2026-09-04T10:50:00 林涛 needs.recommend options=EV-A(need=续航;reason=里程长;value=补贴后合算)
2026-09-04T10:55:00 林涛 needs.grade intention=high cycle=P7D grade=A
2026-09-04T11:00:00 林涛 needs.record system=CRM id=C-0301
2026-09-04T11:05:00 林涛 followup.next_contact type=visit at=2026-09-05T10:00:00
2026-09-04T11:10:00 周敏 reception.left_store
2026-09-04T18:00:00 林涛 followup.thanks channel=wechat recap=EV-A
2026-09-05T10:00:00 周婷 journey.intention_confirmed
2026-09-05T10:05:00 林涛 contract.confirm_intent model=EV-A colour=白 config=长续航 energy=bev charger=no
2026-09-05T10:15:00 林涛 contract.brief fees=车价,购置税,交强险 ack=yes doubts=0
2026-09-05T10:20:00 林涛 contract.give_template v=2026-1
2026-09-05T10:30:00 林涛 contract.explain_clauses
2026-09-05T10:40:00 林涛 contract.fill price=239800 deposit=20000
2026-09-05T10:50:00 林涛+周婷 contract.co_check
2026-09-05T11:00:00 周婷+公司 contract.sign price=239800 deposit=20000
2026-09-05T11:30:00 罗成 registration.give_list missing=居住证
2026-09-05T11:40:00 林涛 message.service
2026-09-05T12:00:00 林涛 contract.archive
2026-09-05T12:10:00 林涛 delivery.schedule at=2026-09-12T15:00:00
2026-09-08T10:00:00 罗成 registration.chase
2026-09-08T10:00:00 罗成 message.service
2026-09-09T16:00:00 system insurance.policy kind=交强险
2026-09-10T11:00:00 白雪 fulfilment.paid invoice=2026-09-10 name_on_paper=周停 name_typed=周婷
2026-09-11T09:30:00 罗成 registration.temp_plate no=1 valid_to=2026-10-10
2026-09-11T09:30:00 罗成 registration.chase
2026-09-11T09:30:00 罗成 message.service
2026-09-11T15:00:00 丁一 delivery.pdi fail=none
2026-09-11T17:00:00 许多 delivery.confirm_slot
2026-09-12T13:00:00 许多 delivery.clean
2026-09-12T13:00:00 许多 delivery.fuel soc=92
2026-09-12T13:00:00 许多 delivery.docs missing=none
2026-09-12T13:00:00 许多 delivery.ready
2026-09-12T14:52:00 周明 delivery.customer_arrived agent=yes poa=ok id=ok
2026-09-12T15:10:00 林涛+周明 delivery.inspect_together
2026-09-12T15:50:00 林涛 delivery.explain all=ok bind_app=ok questions=1 answered=1
2026-09-12T16:00:00 方圆 delivery.introduce_service
2026-09-12T16:05:00 林涛 delivery.ceremony
2026-09-12T16:05:00 林涛 delivery.gift
2026-09-12T16:10:00 周明+林涛 delivery.sign_sheet plates=temp
2026-09-13T11:00:00 林涛 care.call use=ok doubts=none satisfaction=9
2026-09-14T10:00:00 罗成 registration.chase
2026-09-14T10:00:00 罗成 message.service
2026-09-08T14:10:00 林涛 share.outside item=身份证照片 to=保险经纪人 via=个人微信 rec=2026-09-15T17:00:00
2026-09-15T17:00:00 顾严 privacy.incident_found
2026-09-15T18:00:00 邓可 privacy.remedy text=要求对方删除并书面确认
2026-09-16T10:00:00 邓可 privacy.notify_person
2026-09-17T10:00:00 罗成 registration.chase
2026-09-17T10:00:00 罗成 message.service
2026-09-18T08:00:00 system weather.alert region=深圳 kind=台风 level=橙色
2026-09-18T15:00:00 罗成 registration.tax_paid
2026-09-20T10:00:00 周婷 registration.collect missing=none
2026-09-21T10:00:00 罗成 registration.submit receipt=7713
2026-09-21T15:00:00 罗成 registration.rejected reason=发票姓名与身份证明不符
2026-09-21T16:00:00 罗成 message.service text=退件说明
2026-09-25T10:00:00 林涛 message.marketing text=国庆置换补贴 via=own_wechat rec=2026-09-26T09:00:00
2026-09-28T15:00:00 白雪 invoice.reissue name=周婷
2026-09-29T10:00:00 罗成 registration.submit
2026-09-29T10:00:00 罗成 registration.accepted
2026-09-29T11:00:00 罗成 message.service
2026-09-30T16:00:00 罗成 registration.issued
2026-09-30T16:30:00 周婷 registration.waive_accompany reason=请邮寄
2026-10-01T09:00:00 苏晴 care.holiday holiday=国庆 class=mixed
2026-10-06T10:00:00 system message.service text=临牌将于10-10到期
2026-10-09T10:00:00 周婷 registration.collect_papers by=mail
until   2026-10-10T00:00:00
expect  finding PRIVACY critical LW-45
expect  finding LATE_ENTRY info T-LAG
expect  finding STEP_MISSING critical LW-49
expect  finding WINDOW_EARLY info CR-3.1.1a
expect  finding STEP_MISSING minor CR-3.1.4b
expect  finding FIELD_INVALID major CS-5.3.2b
expect  finding SILENCE minor CR-2.1.2c
expect  finding PROHIBITED major CR-3.1.3d
expect  finding LATE_ENTRY info T-LAG
expect  finding WINDOW_MISSED minor CR-3.1.3a
expect  finding OVERRIDE_USED info CS-5.3.4
