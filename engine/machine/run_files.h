/* Private: the documents and files of one `guan run`. */
#ifndef MACHINE_RUN_FILES_H
#define MACHINE_RUN_FILES_H

#include "chart/read.h"

struct run_files;
int run_files_new(struct run_files **out, struct guan_error *error);
void run_files_free(struct run_files *files);

/* The chart of a file, or of text that stands in another document (`file` is then that document); read once, owned by `files`.
 * GUAN_NO: no such file, or it has errors. */
int run_files_chart(struct run_files *files, const char *file, const char *text, const struct chart **out,
                    struct guan_error *error);
/* The path of `src` as written in `from`; NULL when it leads out of the folder or out of memory. Released with memory_free. */
char *run_files_path(const char *from, const char *src);

#endif
