# Nothing of the showroom is due on the phone.
story   来电咨询
process journey
dealer  base
party   李娜 customer
2026-04-10T15:05:00 赵强 reception.contact_opened channel=phone
2026-04-10T15:20:00 赵强 reception.listen needs=通勤 worries=保值
2026-04-10T15:22:00 赵强 reception.call_ended
until   2026-04-10T20:00:00
expect  state pre_sale
expect  state visits.waiting
expect  findings none
