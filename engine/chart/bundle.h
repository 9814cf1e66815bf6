/* The files of a definition and of the dealers' houses, as a whole: read from a folder, or given back by a store.
 *
 * definition = processes/ *.scxml, processes/ *.lua (src), processes/standards/ *.xml    → `def`, its SHA-256
 * house      = processes/parameters.xml, roles.xml, retention.xml, calendars/ *.ics, scripts/dealers/<name>/ *   → one SHA-256 a
 * dealer The hash is SHA-256 over the sorted lines `sha256hex  path\n`, so that `sha256sum | sort` can check it. */
#ifndef CHART_BUNDLE_H
#define CHART_BUNDLE_H

#include "base/calendar.h"
#include "base/clock.h"
#include "base/hash.h"
#include "chart/read.h"

struct bundle_file {
    const char *path;  /* relative, with '/' */
    const char *bytes; /* NULL: published, and not loaded yet */
    size_t length;
    struct hash hash;
    const char *dealer; /* NULL: of the definition or of every house (see `shared`) */
    bool house;         /* part of houses: of `dealer`, or of all when dealer is NULL */
};

struct person {
    const char *id, *name, *login; /* staff:12; login NULL: none */
    struct chart_names roles;
};
struct house {
    const char *dealer, *title, *zone_name;
    struct hash hash;
    struct zone *zone;
    const struct person *people;
    size_t person_count;
    const char *hooks;
    size_t hooks_length; /* hooks.lua; NULL: none */
    const struct catalogue *catalogue;
    const struct house_calendar {
        const char *id; /* the file's name without .ics */
        const struct calendar *calendar;
    } * calendars; /* the dealer's own files take the place of the shared ones of the same name */
    size_t calendar_count;
};

struct bundle;
/* Reads a folder that holds processes/ and scripts/. No symbolic links, no file outside, limits on sizes and counts. */
int bundle_read(const char *dir, struct bundle **out, struct guan_error *error);
/* Made of files that a store kept, or that a test or a story adds. The bytes are copied. */
int bundle_new(struct bundle **out, struct guan_error *error);
int bundle_add(struct bundle *bundle, const char *path, const char *bytes, size_t length, struct guan_error *error);
/* Made of what a store keeps under its hash: bytes are fetched into the arena when they are first used. What was checked before
 * it was published is not checked again. */
typedef int (*bundle_fetch)(void *user, struct arena *arena, const struct hash *hash, const char **bytes, size_t *length,
                            struct guan_error *error);
int bundle_new_published(bundle_fetch fetch, void *user, struct bundle **out, struct guan_error *error);
int bundle_add_published(struct bundle *bundle, const char *path, const struct hash *hash, struct guan_error *error);
int bundle_load(struct bundle *bundle, const struct bundle_file *file, struct guan_error *error); /* fills its bytes */
/* Memory ran out in it, so that it answers nothing from now on: make another. */
bool bundle_failed(const struct bundle *bundle);
void bundle_free(struct bundle *bundle);

size_t bundle_count(const struct bundle *bundle);
const struct bundle_file *bundle_at(const struct bundle *bundle, size_t index); /* sorted by path */
int bundle_hash(const struct bundle *bundle, struct hash *out);                 /* of the definition */

/* Checks all of it: catalogues, flows, dealers, hooks (their chunk is run once). GUAN_NO when there are errors. */
int bundle_check(struct bundle *bundle, diagnostic_sink sink, void *user, struct guan_error *error);
/* NULL with `error` when the catalogue files are broken; parsed on first use, owned by the bundle. */
const struct catalogue *bundle_catalogue(struct bundle *bundle, struct guan_error *error);
/* The chart of processes/<process>.scxml; parsed on first use, owned by the bundle. GUAN_USAGE, "unknown-process" if there is
 * none. */
int bundle_chart(struct bundle *bundle, const char *process, const struct chart **out, struct guan_error *error);
/* The title of a process that is known to be there; its chart is not parsed for it. NULL: it has none. */
int bundle_title(struct bundle *bundle, const char *process, const char **out, struct guan_error *error);
size_t bundle_process_count(const struct bundle *bundle);
const char *bundle_process_at(const struct bundle *bundle, size_t index);

/* One dealer's house: dealer.xml, people.xml beside it (more people, optional), hooks.lua, over the shared files; owned by the
 * bundle. <dealer id="base" title="…" zone="Asia/Shanghai"><person id="staff:1" name="周敏" login="zhoumin"
 * roles="receptionist"/> <parameter id="T-LICAGE" value="P2Y"/></dealer>      (namespace urn:guan:1; people.xml: <people><person
 * …/></people>) `dealer` NULL: the only one. */
int bundle_house(struct bundle *bundle, const char *dealer, const struct house **out, struct guan_error *error);
/* Of the house only its zone and its people, for lists: no parameters, calendars, hooks. Until bundle_house is asked. */
int bundle_people(struct bundle *bundle, const char *dealer, const struct house **out, struct guan_error *error);
size_t bundle_dealer_count(const struct bundle *bundle);
const char *bundle_dealer_at(const struct bundle *bundle, size_t index);
/* The dealer's value of a parameter, or the catalogue's; NULL: unknown. */
const char *house_parameter(const struct house *house, const char *id);
/* One cell of a table parameter ("A=P7D B=P14D"): the dealer's, or the catalogue's; NULL: unknown. */
const char *house_cell(const struct house *house, const char *id, const char *key, char *into, size_t size);
const struct calendar *house_calendar(const struct house *house, const char *id); /* NULL: unknown */
/* By id, login or name; NULL: unknown. */
const struct person *house_person(const struct house *house, const char *who);

#endif
