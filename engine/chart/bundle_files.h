/* The inside of a bundle. Private to this folder. */
#ifndef CHART_BUNDLE_FILES_H
#define CHART_BUNDLE_FILES_H

#include "chart/bundle.h"
#include "chart/catalogue_read.h"

struct process {
    const char *name;
    const struct bundle_file *file;
    struct chart *chart; /* NULL: not yet parsed */
    const char *title;   /* NULL: nobody asked for it alone */
};
struct calendars {
    struct house_calendar *items; /* sorted by id */
    size_t count;
};
struct dealer;
struct bundle {
    struct arena *arena; /* paths, bytes, names */
    struct bundle_file *files;
    size_t count, capacity;
    bool sealed;        /* in use: no more files */
    bundle_fetch fetch; /* published; NULL: not */
    void *fetch_user;
    struct guan_error fault; /* of a file that a flow names as its source, and that was not as it was published */
    struct catalogue *catalogue;
    struct process *processes;
    struct dealer **dealers;
    size_t process_count, dealer_count;
    struct calendars calendars; /* those of every house */
    bool calendars_read;
};

enum bundle_part { PART_NONE, PART_DEFINITION, PART_HOUSE };
/* Where a path belongs; `dealer` gets the name's place in it, or NULL. */
enum bundle_part bundle_part_of(const char *path, const char **dealer, size_t *length);
const struct bundle_file *bundle_find(const struct bundle *bundle, const char *path); /* NULL: none */
/* Makes the lists of processes and dealers; nothing is added from then on. */
int bundle_seal(struct bundle *bundle, struct guan_error *error);
/* The hash of those files that `wanted` picks. */
int bundle_hash_of(const struct bundle *bundle, bool (*wanted)(const struct bundle_file *file, const char *dealer),
                   const char *dealer, struct hash *out);
/* Reads one flow; the caller frees the chart. */
int bundle_read_chart(struct bundle *bundle, const struct process *process, const struct catalogue *catalogue,
                      diagnostic_sink sink, void *user, struct chart **out, struct guan_error *error);
int bundle_read_catalogue(struct bundle *bundle, diagnostic_sink sink, void *user, struct catalogue **out,
                          struct guan_error *error);

/* Reads the shared calendars unless they are read already. */
int bundle_read_calendars(struct bundle *bundle, diagnostic_sink sink, void *user, struct guan_error *error);

/* bundle_check.c: of the flows that are sound */
const struct chart *bundle_flow(const struct bundle *bundle, const char *name, size_t length); /* NULL: none */
bool bundle_offers(const struct chart *chart, const char *name);                               /* a step or an event of it */
/* bundle_lua.c: what the Lua of a flow names; a dealer's hooks.lua as it runs. GUAN_FAILED: memory. */
void check_lua_names(const struct bundle *bundle, const struct chart *chart, struct report *report);
int check_hooks(const struct bundle *bundle, const struct bundle_file *file, struct report *report, struct guan_error *error);

/* calendars.c: those of a dealer, or, NULL, of every house. Ids live in the arena. */
int calendars_read(struct bundle *bundle, const char *dealer, struct arena *arena, struct calendars *out, diagnostic_sink sink,
                   void *user, struct guan_error *error);
void calendars_free(struct calendars *calendars);
/* Is there a file of it in every house? `missing` gets a dealer who has none while others have. */
bool calendar_known(const struct bundle *bundle, const char *id, const char **missing);
void calendars_guess(const struct bundle *bundle, struct arena *arena, struct guess *guess);

/* house.c */
int dealer_new(const struct bundle *bundle, const char *name, size_t length, struct dealer **out);
void dealer_free(struct dealer *dealer);
const char *dealer_name(const struct dealer *dealer);
bool dealer_failed(const struct dealer *dealer);
/* Reads the house unless it is read already; told to the sink, which may be NULL. */
int dealer_read_people(struct bundle *bundle, struct dealer *dealer, const struct house **out, struct guan_error *error);
int dealer_read(struct bundle *bundle, struct dealer *dealer, const struct catalogue *catalogue, diagnostic_sink sink, void *user,
                const struct house **out, struct guan_error *error);
/* What the dealer sets, one after the other; false after the last. */
struct setting {
    const char *id, *value;
    struct chart_place place; /* of the value, in dealer.xml */
};
const struct setting *house_settings(const struct house *house, size_t *count);

#endif
