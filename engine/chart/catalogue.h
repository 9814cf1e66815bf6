/* What the flows cite: clauses of the standards, parameters, roles. From processes/standards/<x>.xml (*.xml),
 * processes/parameters.xml and processes/roles.xml; `urn:guan:1` as their namespace:
 *
 *   <standard id="CS" title="…" class="standard"><clause id="CS-3.1.1" title="客户到达" parent="CS-3.1"
 * basis="seed"/>…</standard> <parameters><parameter id="T-GREET" type="duration" value="PT1M" basis="proposal" title="…"
 * clause="…"/>…</parameters> <roles><role id="receptionist" title="前台接待"/>…</roles>
 */
#ifndef CHART_CATALOGUE_H
#define CHART_CATALOGUE_H

#include "chart/chart.h"

struct clause {
    const char *id, *title, *parent, *basis; /* basis: seed law practice proposal */
    enum chart_class klass;
};
struct parameter {
    const char *id, *title, *value, *basis;
    const char
        *type; /* duration (also D±N@HH:MM, windows), number, percent, text, table (KEY=VALUE words, durations or numbers) */
};
struct role {
    const char *id, *title;
};

struct catalogue;
const struct clause *catalogue_clause(const struct catalogue *catalogue,
                                      const char *id); /* NULL: unknown; parameters are clauses too (T-LAG) */
const struct parameter *catalogue_parameter(const struct catalogue *catalogue, const char *id);
const struct role *catalogue_role(const struct catalogue *catalogue, const char *id);
size_t catalogue_clause_count(const struct catalogue *catalogue);
const struct clause *catalogue_clause_at(const struct catalogue *catalogue, size_t index);

#endif
