/* Conditions of rules in Lua, over one event. What they see: `form` (the event's attributes: form.amount, form["cost:total"]),
 * `activity`, `actor`, `role`, `lifecycle`, `at` (text, UTC), `case` (`id` and the attributes of the case). */
#ifndef AUDIT_RULELUA_H
#define AUDIT_RULELUA_H

#include "audit/log.h"
#include "audit/rulefile.h"
#include "script/script.h"

struct rule_scripts;
/* Of `rule`, one pair a rule of the file. The script is lent; NULL: one of its own. */
int rule_scripts_new(const struct event_log *log, const struct rulefile *file, struct script *script, struct rule_scripts **out,
                     struct guan_error *error);
void rule_scripts_free(struct rule_scripts *scripts);
/* GUAN_NO: the condition failed, with Lua's message. */
int rule_when(struct rule_scripts *scripts, uint32_t rule, const struct log_event *event, bool *out, struct guan_error *error);
int rule_holds(struct rule_scripts *scripts, uint32_t rule, const struct log_event *event, bool *out, struct guan_error *error);

#endif
