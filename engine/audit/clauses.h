/* Private to this layer: what a clause that somebody asks for stands for. */
#ifndef AUDIT_CLAUSES_H
#define AUDIT_CLAUSES_H

#include "case/kase.h"

/* Is `id` the clause, or one below it? CR-2.2 holds CR-2.2.1d, CR-2.2.2a CR-2.2.2a.1, CS all of CS-; not CR-2.20. */
bool clause_under(const char *id, const char *asked);
bool clauses_under(const struct value *list, const char *asked); /* any of a list of texts */
/* GUAN_USAGE "unknown-clause", with what may have been meant, when the catalogue has none such. */
int clause_known(const struct catalogue *catalogue, const char *asked, struct guan_error *error);
/* The same of everything that a store's cases run by; within a transaction. `asked` NULL: GUAN_OK. */
int clause_in_store(struct guan *guan, const char *asked, struct guan_error *error);

#endif
