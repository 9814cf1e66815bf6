/* The files that entries name as evidence. */
#ifndef AUDIT_EVIDENCE_H
#define AUDIT_EVIDENCE_H

#include "case/kase.h"

/* Looks at each file that an entry names: there, of that size and that hash; streaming. After ledger_verify found the entries
 * good, in the same transaction. GUAN_TAMPERED with the report filled; a case that was erased since may lack its files. */
int evidence_verify(struct guan *guan, struct ledger_report *report, struct guan_error *error);

#endif
