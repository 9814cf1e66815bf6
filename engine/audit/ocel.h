/* Private to this layer: an OCEL 2.0 database while it is built. */
#ifndef AUDIT_OCEL_H
#define AUDIT_OCEL_H

#include "audit/export.h"

#include <sqlite3.h>

enum { OCEL_CASE, OCEL_CUSTOMER, OCEL_VEHICLE, OCEL_ACTOR, OCEL_KINDS, OCEL_ATTRIBUTES = 4 };

struct ocel_objects {
    const char *type, *attributes[OCEL_ATTRIBUTES];
};
extern const struct ocel_objects ocel_objects[OCEL_KINDS];

struct ocel_type {
    const char *name, *map; /* map: the name of its table, after event_ */
    const char **fields;    /* of its forms */
    size_t field_count, field_capacity;
    sqlite3_stmt *insert;
};

struct ocel {
    sqlite3 *db;
    struct arena *arena;
    struct ocel_type *types;
    size_t type_count, type_capacity;
    sqlite3_stmt *insert_event, *insert_id, *insert_e2o, *insert_o2o, *insert_object[OCEL_KINDS];
};

int ocel_run(struct ocel *ocel, const char *sql, struct guan_error *error);
/* export_ocel_json.c: writes what the database holds. */
int ocel_json(struct export *export, struct guan_error *error);

#endif
