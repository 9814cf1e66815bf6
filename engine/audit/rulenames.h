/* Which events a rule's names mean, remembered by activity. */
#ifndef AUDIT_RULENAMES_H
#define AUDIT_RULENAMES_H

#include "audit/log.h"
#include "chart/chart.h"

enum rule_list { RULE_LIST_OF, RULE_LIST_FIRST, RULE_LIST_AMONG, RULE_LIST_UNTIL, RULE_LISTS };

struct rule_names;
int rule_names_new(const struct event_log *log, struct rule_names **out, struct guan_error *error);
void rule_names_free(struct rule_names *names);
void rule_names_forget(struct rule_names *names); /* before the lists of another rule */
bool rule_names_event(struct rule_names *names, enum rule_list which, const struct chart_names *list,
                      const struct log_event *event);
bool rule_name_means(const char *name, const char *activity);

#endif
