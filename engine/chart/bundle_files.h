/* The inside of a bundle. Private to this folder. */
#ifndef CHART_BUNDLE_FILES_H
#define CHART_BUNDLE_FILES_H

#include "chart/bundle.h"
#include "chart/catalogue_read.h"

struct process {
    const char *name;
    const struct bundle_file *file;
    struct chart *chart; /* NULL: not yet parsed */
};
struct dealer;
struct bundle {
    struct arena *arena; /* paths, bytes, names */
    struct bundle_file *files;
    size_t count, capacity;
    bool sealed; /* in use: no more files */
    struct catalogue *catalogue;
    struct process *processes;
    struct dealer **dealers;
    size_t process_count, dealer_count;
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

/* house.c */
int dealer_new(const struct bundle *bundle, const char *name, size_t length, struct dealer **out);
void dealer_free(struct dealer *dealer);
const char *dealer_name(const struct dealer *dealer);
/* Reads the house unless it is read already; told to the sink, which may be NULL. */
int dealer_read(struct bundle *bundle, struct dealer *dealer, const struct catalogue *catalogue, diagnostic_sink sink, void *user,
                const struct house **out, struct guan_error *error);

#endif
