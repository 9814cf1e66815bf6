/* What the flows cite: clauses of the standards, parameters, roles. From processes/standards/<x>.xml (*.xml),
 * processes/parameters.xml, roles.xml and retention.xml; `urn:guan:1` as their namespace:
 *
 *   <standard id="CS" title="…" class="standard"><clause id="CS-3.1.1" title="客户到达" parent="CS-3.1" kind="time"
 * basis="seed"/>…</standard> <parameters><parameter id="T-GREET" type="duration" value="PT1M" basis="proposal" title="…"
 * clause="…"/>…</parameters> <roles><role id="receptionist" title="前台接待"/>…</roles> <retentions><retention
 * id="lead" title="未成交线索" from="lost-deal.approve" erase="T-LEADKEEP" role="data_protection_owner"
 * clause="LW-44"/>…</retentions>
 */
#ifndef CHART_CATALOGUE_H
#define CHART_CATALOGUE_H

#include "chart/chart.h"

/* kind: step option field time frequency prohibition role order evidence; an aim and a heading ask for nothing that a flow could
 * show. test="no": not testable by any flow, `why` says the reason. */
struct clause {
    const char *id, *title, *parent, *basis; /* basis: seed law practice proposal */
    enum chart_class klass;
    const char *standard, *standard_title; /* NULL: a parameter */
    const char *kind, *why;                /* why NULL: none needed */
    bool testable;
};
struct parameter {
    const char *id, *title, *value, *basis;
    const char
        *type; /* duration (also D±N@HH:MM, windows), number, percent, text, table (KEY=VALUE words, durations or numbers) */
};
struct role {
    const char *id, *title;
};
/* How long a kind of record is kept: at least `keep`, erased after `erase`, counted from the step or event `from`. */
struct retention {
    const char *id, *title, *from, *basis;
    const char *keep, *erase; /* a duration or a parameter's name; NULL: not said */
    struct chart_names clauses, roles;
    const char *file;
    struct chart_place place;
};

struct catalogue;
const struct clause *catalogue_clause(const struct catalogue *catalogue,
                                      const char *id); /* NULL: unknown; parameters are clauses too (T-LAG) */
const struct parameter *catalogue_parameter(const struct catalogue *catalogue, const char *id);
const struct role *catalogue_role(const struct catalogue *catalogue, const char *id);
size_t catalogue_clause_count(const struct catalogue *catalogue);
const struct clause *catalogue_clause_at(const struct catalogue *catalogue, size_t index);
size_t catalogue_retention_count(const struct catalogue *catalogue);
const struct retention *catalogue_retention_at(const struct catalogue *catalogue, size_t index);

#endif
