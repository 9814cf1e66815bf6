# 收了信息就结案：没做的都是漏办。
story   没办完就结案
process journey
dealer  base
party   公司 company
party   孙悦 customer
2026-05-06T10:00:00 林涛 reception.contact_opened channel=online purpose=other first_visit=yes
2026-05-06T10:05:00 林涛 reception.chat_closed
2026-05-06T11:00:00 陈静 journey.close
until   2026-05-06T12:00:00
expect  finding STEP_MISSING major CR-1.3.3
expect  finding STEP_MISSING major CR-1.1.1
expect  finding STEP_MISSING major CR-1.1.2
expect  finding STEP_MISSING major CS-3.3.2
expect  finding STEP_MISSING major CR-1.2.3
expect  finding STEP_MISSING major CR-1.1.3
