# Reception warns: order broken and a field left out are findings, and the work goes on.
story   先奉茶后迎接
process reception
dealer  base
party   王磊 customer
2026-03-07T10:00:00 周敏 reception.arrive channel=showroom
2026-03-07T10:00:30 林涛 reception.offer_rest outcome=accepted
2026-03-07T10:00:50 周敏 reception.greet
2026-03-07T10:03:00 林涛 reception.register
2026-03-07T10:20:00 林涛 reception.listen needs=通勤
2026-03-07T10:30:00 周敏 reception.left_store
until   2026-03-08T00:00:00
expect  finding ORDER_VIOLATION major CS-3.1.4
expect  finding FIELD_INVALID minor CR-1.2.1b
