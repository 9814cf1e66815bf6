# The receptionist stands in; the consultant takes over four minutes late.
story   顾问都在忙
process reception
dealer  base
party   王磊 customer
2026-03-07T10:00:00 周敏 reception.arrive channel=showroom
2026-03-07T10:00:30 周敏 reception.greet
2026-03-07T10:01:00 周敏 reception.serve
2026-03-07T10:02:00 周敏 reception.register
2026-03-07T10:03:00 周敏 reception.offer_rest outcome=accepted
2026-03-07T10:10:00 林涛 reception.take_over
2026-03-07T10:30:00 林涛 reception.listen needs=通勤 worries=none
2026-03-07T10:40:00 周敏 reception.left_store
until   2026-03-08T00:00:00
expect  finding STEP_LATE minor CS-3.1
