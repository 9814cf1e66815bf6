# Greeted a minute late; gone before the tea, the form and the talk.
story   客户提前离店
process reception
dealer  base
party   王磊 customer
2026-03-07T10:00:00 周敏 reception.arrive channel=showroom
2026-03-07T10:02:00 周敏 reception.greet
2026-03-07T10:04:00 周敏 reception.left_early reason=接孩子
until   2026-03-08T00:00:00
expect  finding STEP_LATE minor CS-3.1.1
expect  finding STEP_MISSING major CS-3.1.2
expect  finding STEP_MISSING major CS-3.1.3
expect  finding STEP_MISSING major CS-3.1.4
