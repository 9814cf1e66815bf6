/* The folder of evidence beside a store's file: `ab/<sha256>`, two levels, files that are never changed. */
#ifndef STORE_FOLDER_H
#define STORE_FOLDER_H

#include "base/error.h"

#include <stdint.h>

/* Files that are there already are left. No folder at `from` is fine. */
int folder_copy(const char *from, const char *to, struct guan_error *error);
void folder_count(const char *path, uint64_t *files, uint64_t *bytes);

#endif
