# A waiver is always visible, also one in time.
story   客户不愿登记
process reception
dealer  base
party   王磊 customer
2026-03-07T10:00:00 周敏 reception.arrive channel=showroom
2026-03-07T10:00:30 周敏 reception.greet
2026-03-07T10:02:00 林涛 reception.offer_rest outcome=accepted
2026-03-07T10:05:00 陈静 waive reception.register reason="客户不愿留资料"
2026-03-07T10:20:00 林涛 reception.listen needs=通勤 worries=none
2026-03-07T10:30:00 周敏 reception.left_store
until   2026-03-08T00:00:00
expect  finding OVERRIDE_USED minor CS-3.1.2
