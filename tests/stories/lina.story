# 给定的第二个故事：售前粗心，随后战败。
story   李娜:粗心的售前,然后战败
process journey
dealer  base
party   公司 company
party   李娜 customer
2026-04-10T15:05:00 赵强 reception.contact_opened channel=phone
2026-04-10T15:06:00 赵强 needs.card name=李娜 contacts=mobile:13900000002(valid) models=轿车-C budget=100000-130000 urgency=P3M uses=通勤
2026-04-10T15:12:00 赵强 needs.answer q=Q1 text=绝对没问题 status=answered
2026-04-10T15:18:00 赵强 needs.recommend options=轿车-C(need=通勤;reason=r;value=v),轿车-D(need=通勤;reason=r;value=v),SUV-B(need=通勤;reason=r;value=v)
2026-04-10T15:19:00 赵强 needs.answer q=Q2 text=地方补贴 status=unverified told_customer=no
2026-04-10T15:20:00 赵强 reception.listen needs=通勤 worries=保值
2026-04-10T15:21:00 李娜 customer-info.consent marketing=yes
2026-04-10T15:22:00 赵强 reception.call_ended
2026-04-11T16:40:00 赵强 followup.thanks channel=sms recap=none
2026-04-12T09:05:00 赵强 needs.analyse ranked=通勤,保值
2026-04-12T09:10:00 赵强 needs.record system=CRM id=C-0140
2026-04-12T09:10:00 赵强 needs.grade intention=mid cycle=P3M grade=B
2026-04-12T10:00:00 赵强 message.marketing
2026-04-13T10:00:00 赵强 message.marketing
2026-04-14T10:00:00 赵强 message.marketing
2026-04-14T11:00:00 赵强 needs.answer q=Q2 status=verified
2026-04-14T11:05:00 李娜 customer-info.withdraw purpose=marketing
2026-04-15T09:30:00 赵强 message.marketing via=own_phone rec=2026-04-15T14:00:00
2026-04-15T16:00:00 顾严 review.mark event=needs.answer:Q1 mark=exaggerated
2026-04-20T17:00:00 赵强 lost-deal.apply reason1=竞品 reason2=价格 competitor=X
2026-04-21T10:10:00 陈静 lost-deal.approve
2026-10-16T02:00:00 system customer-info.erase scope=lead
until   2026-10-20T00:00:00
expect  finding PRIVACY critical LW-40
expect  finding FIELD_INVALID minor CR-1.1.1d
expect  finding FIELD_INVALID minor CR-1.1.1i
expect  finding ORDER_VIOLATION major CR-1.2.1a
expect  finding ORDER_VIOLATION major CS-3.3.2
expect  finding FIELD_INVALID minor CR-1.2.3a
expect  finding PROHIBITED major CR-1.2.2e
expect  finding FIELD_INVALID minor CR-1.2.2b
expect  finding STEP_MISSING major CR-1.2.2c
expect  finding STEP_LATE minor CR-1.2.2d
expect  finding STEP_LATE major CR-1.1.2b
expect  finding STEP_LATE minor CR-1.3.1a
expect  finding FIELD_INVALID minor CR-1.3.1c
expect  finding STEP_MISSING major CR-1.3.3
expect  finding FREQ_GAP minor CR-1.3.2c
expect  finding FREQ_GAP minor CR-1.3.2c
expect  finding FREQ_EXCEEDED minor CR-1.3.2c
expect  finding FREQ_EXCEEDED minor CR-1.3.2b
expect  finding PROHIBITED critical LW-50
expect  finding LATE_ENTRY info T-LAG
