# 营销信息：间隔、每周上限、占比、夜间、节日高峰期各有一处不符。
story   营销信息的频率
process journey
dealer  base
party   李娜 customer
2026-04-10T15:05:00 赵强 reception.contact_opened channel=phone
2026-04-10T15:06:00 赵强 customer-info.notice text=v3 purposes=contact,marketing
2026-04-10T15:07:00 李娜 customer-info.consent marketing=yes
2026-04-10T15:20:00 赵强 reception.listen needs=通勤 worries=保值
2026-04-10T15:22:00 赵强 reception.call_ended
2026-04-10T16:00:00 赵强 needs.card name=李娜 contacts=mobile:13900000002(valid),wechat:lina02(valid) models=轿车-C budget=100000-130000 urgency=P3M uses=通勤 main_user=本人
2026-04-10T16:10:00 赵强 needs.record system=CRM id=C-0140
2026-04-11T10:00:00 赵强 followup.thanks channel=sms recap=轿车-C
2026-04-12T10:00:00 赵强 message.marketing
2026-04-13T10:00:00 赵强 message.marketing
2026-04-14T10:00:00 赵强 message.marketing
2026-05-20T22:30:00 赵强 message.marketing
2026-09-25T10:00:00 赵强 message.marketing rec=2026-09-25T11:00:00
until   2026-09-26T00:00:00
expect  finding FREQ_GAP minor CR-1.3.2c
expect  finding FREQ_GAP minor CR-1.3.2c
expect  finding FREQ_EXCEEDED minor CR-1.3.2c
expect  finding FREQ_EXCEEDED minor CR-1.3.2b
expect  finding FREQ_EXCEEDED minor CR-1.3.2c
expect  finding PROHIBITED major CR-3.1.3d
