/* Private to this layer: what is behind a finding or a refusal, in the words of the flow. */
#ifndef AUDIT_WHY_H
#define AUDIT_WHY_H

#include "audit/dossier.h"

/* Did nobody do what the finding is about? Then whoever acted when it was found is not who did it. */
bool finding_of_nobody(const struct value *finding);
/* "actor" and "who" of a finding, or, of nobody's, "found_by" and "found_who". */
void finding_person(struct arena *arena, struct value *map, const struct value *finding, const char *name);
/* What people call a rule: "plates_first" or "rule:plates_first", of the session's flow or of any; NULL: it has no title. */
const char *rule_title(struct dossier *dossier, const char *session, const char *rule);
/* {"reason","rule_title","refused","fields":[…],"held":[…],"needed":[…],"not_by":[…],"after":[…]}, what there is of it. */
struct value *why_value(struct dossier *dossier, const struct value *finding);

#endif
