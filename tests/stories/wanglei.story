# 给定的第一个故事：全程无一处不符。
story   王磊的完整旅程
process journey
dealer  base
party   公司 company
party   王磊 customer
2026-03-07T10:02:00 周敏 reception.arrive channel=showroom party=2 purpose=look first_visit=yes
2026-03-07T10:02:40 周敏 reception.greet
2026-03-07T10:03:30 林涛 customer-info.notice text=v3 purposes=contact,service,marketing
2026-03-07T10:03:50 王磊 customer-info.consent contact=yes service=yes marketing=yes
2026-03-07T10:04:20 林涛 reception.register companions=妻子
2026-03-07T10:06:30 林涛 reception.offer_rest outcome=accepted
2026-03-07T10:30:00 林涛 reception.listen needs=露营,接送孩子,省油 worries=后备箱空间
2026-03-07T10:40:00 林涛 needs.card name=王磊 contacts=mobile:13800000001(valid),wechat:wl_camp01(valid) models=SUV-A,SUV-B budget=180000-220000 urgency=P1M uses=家用 main_user=本人与妻子 hobbies=露营
2026-03-07T10:45:00 林涛 needs.show models=SUV-A,SUV-B
2026-03-07T10:50:00 林涛 needs.explain points=空间,油耗,安全
2026-03-07T10:52:00 林涛 needs.answer q=Q1 status=answered
2026-03-07T10:55:00 林涛 needs.answer q=Q2 text=冬季油耗 status=unverified told_customer=yes promise_due=2026-03-07T18:00:00
2026-03-07T11:00:00 林涛 needs.analyse ranked=空间,安全,油耗
2026-03-07T11:05:00 林涛 needs.recommend options=SUV-A(need=空间;reason=r;value=v),SUV-B(need=油耗;reason=r;value=v)
2026-03-07T11:10:00 林涛 needs.grade intention=high cycle=P1M grade=A
2026-03-07T11:12:00 林涛 test-drive.request slot=2026-03-08T14:00:00 model=SUV-A driver=王磊 channel=showroom
2026-03-07T11:14:00 林涛 followup.next_contact type=test_drive at=2026-03-08T14:00:00
2026-03-07T11:20:00 周敏 reception.left_store
2026-03-07T11:45:00 林涛 needs.record system=CRM id=C-0001
2026-03-07T16:10:00 林涛 needs.answer q=Q2 status=verified by=产品专员
2026-03-07T17:20:00 何勇 test-drive.confirm by=wechat
2026-03-07T19:30:00 林涛 followup.thanks channel=wechat recap=SUV-A,后备箱
2026-03-08T13:20:00 何勇 test-drive.prepare_car clean=yes fuel_pct=70 plates=valid insurance=valid daily_check=DC-0308
2026-03-08T13:25:00 何勇 test-drive.prepare_papers
2026-03-08T13:30:00 何勇 test-drive.prepare_site route=R2
2026-03-08T14:00:00 王磊 test-drive.check_in
2026-03-08T14:04:00 何勇 test-drive.licence_check driver=王磊 class=C1 first_issue=2015-06-02 valid_to=2031-06-02 carried=yes
2026-03-08T14:08:00 王磊 test-drive.agreement version=TD-4
2026-03-08T14:12:00 何勇 test-drive.briefing
2026-03-08T14:18:00 王磊 test-drive.start odo=3412 companion=何勇
2026-03-08T14:46:00 王磊 test-drive.end odo=3424
2026-03-08T14:52:00 何勇 test-drive.inspect_car damage=none
2026-03-08T14:58:00 王磊 test-drive.feedback car=9 route=8 guide=9 will_buy=yes
2026-03-08T15:20:00 何勇 test-drive.archive ref=TD-0308-1
2026-03-08T16:00:00 王磊 journey.intention_confirmed
2026-03-08T16:02:00 林涛 contract.confirm_intent model=SUV-A colour=白 config=豪华
2026-03-08T16:15:00 林涛 contract.brief fees=车价,购置税,交强险,上牌服务费 ack=yes doubts=0
2026-03-08T16:20:00 林涛 contract.give_template v=2026-1
2026-03-08T16:30:00 林涛 contract.explain_clauses
2026-03-08T16:38:00 林涛 contract.fill
2026-03-08T16:45:00 林涛+王磊 contract.co_check
2026-03-08T16:50:00 王磊+公司 contract.sign deposit=10000 price=198000
2026-03-08T17:00:00 罗成 registration.give_list v=2026-02
2026-03-08T17:30:00 林涛 contract.archive ref=K-0088
2026-03-08T17:40:00 林涛 message.service
2026-03-08T17:45:00 林涛 delivery.schedule at=2026-03-14T10:00:00
2026-03-10T15:00:00 林涛 message.service
2026-03-11T10:00:00 罗成 registration.collect missing=none
2026-03-11T10:00:00 罗成 registration.tax_paid
2026-03-12T10:30:00 丁一 delivery.pdi fail=none items=46
2026-03-12T14:00:00 白雪 fulfilment.paid invoice=2026-03-12
2026-03-12T16:00:00 林涛 message.service
2026-03-13T10:00:00 罗成 registration.submit receipt=9021
2026-03-13T15:00:00 林涛+王磊 registration.collect_papers
2026-03-13T15:30:00 林涛 message.service
2026-03-13T17:00:00 许多 delivery.confirm_slot
2026-03-14T08:10:00 许多 delivery.clean in=yes out=yes
2026-03-14T08:25:00 许多 delivery.fuel pct=100
2026-03-14T08:35:00 许多 delivery.docs missing=none
2026-03-14T08:40:00 陈静 delivery.docs_tick
2026-03-14T08:45:00 许多 delivery.ready
2026-03-14T09:56:00 王磊 delivery.customer_arrived
2026-03-14T10:05:00 林涛+王磊 delivery.inspect_together config=match
2026-03-14T10:50:00 林涛 delivery.explain questions=2 answered=2
2026-03-14T11:02:00 方圆 delivery.introduce_service
2026-03-14T11:08:00 林涛 delivery.ceremony items=鲜花,露营灯
2026-03-14T11:10:00 林涛 delivery.gift policy=G-2026-1
2026-03-14T11:15:00 王磊+林涛 delivery.sign_sheet
2026-03-14T11:18:00 苏晴 delivery.satisfaction score=9
2026-03-14T11:20:00 林涛 delivery.invite_review
2026-03-16T10:30:00 林涛 care.call use=ok doubts=自动驻车(解决) satisfaction=9
2026-04-18T09:10:00 苏晴 care.birthday
2026-06-20T10:00:00 苏晴 care.season tip=防暑
2026-07-18T15:00:00 system weather.alert region=本市 kind=暴雨 level=橙色
2026-07-18T16:20:00 苏晴 care.weather_tip
2026-08-28T10:00:00 苏晴 care.maintenance_reminder channel=sms plan=2026-09-14
2026-09-25T09:05:00 苏晴 care.holiday holiday=中秋
until   2026-09-26T00:00:00
expect  findings none
