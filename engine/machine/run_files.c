/* The documents and files of one `guan run`: read once, all below the folder of the first document. The one place of this layer
 * that opens files; the interpreter asks its host. */
#include "machine/run_files.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct document {
    struct document *next;
    struct chart *chart;
    char *text; /* NULL: the file itself */
    char file[];
};
struct loaded {
    struct loaded *next;
    size_t length;
    char bytes[];
};
struct run_files {
    struct document *documents;
    struct loaded *loaded; /* bytes, kept to the end */
};

int run_files_new(struct run_files **out, struct guan_error *error)
{
    struct run_files *files = memory_alloc(sizeof *files);
    if (files == NULL) return error_memory(error);
    *out = files;
    return GUAN_OK;
}

void run_files_free(struct run_files *files)
{
    if (files == NULL) return;
    for (struct document *next, *document = files->documents; document != NULL; document = next) {
        next = document->next;
        chart_free(document->chart);
        memory_free(document->text);
        memory_free(document);
    }
    for (struct loaded *next, *loaded = files->loaded; loaded != NULL; loaded = next) {
        next = loaded->next;
        memory_free(loaded);
    }
    memory_free(files);
}

/* --- paths ------------------------------------------------------------------------------------------------------------ */

char *run_files_path(const char *from, const char *src)
{
    if (text_starts(src, "file:")) src += strlen("file:");
    if (src[0] == '\0' || src[0] == '/' || strchr(src, ':') != NULL) return NULL;
    for (const char *at = src; at != NULL; at = strchr(at, '/')) {
        if (*at == '/') at++;
        if (strcmp(at, "..") == 0 || text_starts(at, "../")) return NULL;
    }
    const char *slash = strrchr(from, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - from) + 1, length = strlen(src);
    char *path = memory_alloc(folder + length + 1);
    if (path != NULL) snprintf(path, folder + length + 1, "%.*s%s", (int)folder, from, src);
    return path;
}

/* --- files ------------------------------------------------------------------------------------------------------------- */

static int read_whole(int fd, const char *path, struct loaded **out, struct guan_error *error)
{
    struct stat status;
    *out = NULL;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return error_set(error, GUAN_NO, "file", "%s is not a plain file", path);
    if (status.st_size > (off_t)LIMIT_FILE_BYTES)
        return error_set(error, GUAN_NO, "file-size", "%s is larger than %u bytes", path, LIMIT_FILE_BYTES);
    size_t size = (size_t)status.st_size;
    struct loaded *loaded = memory_alloc(sizeof *loaded + size + 1);
    if (loaded == NULL) return error_memory(error);
    while (loaded->length < size) {
        ssize_t got = read(fd, loaded->bytes + loaded->length, size - loaded->length);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            memory_free(loaded);
            return error_set(error, GUAN_NO, "file", "%s cannot be read", path);
        }
        loaded->length += (size_t)got;
    }
    *out = loaded;
    return GUAN_OK;
}

static int load(struct run_files *files, const char *path, struct loaded **out, struct guan_error *error)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    *out = NULL;
    if (fd < 0) {
        error_set(error, GUAN_NO, "no-file", "%s cannot be opened: %s", path, strerror(errno));
        return error_hint(error, "check the path");
    }
    int code = read_whole(fd, path, out, error);
    close(fd);
    if (*out == NULL) return code;
    (*out)->next = files->loaded;
    files->loaded = *out;
    return GUAN_OK;
}

static const char *source(void *user, const char *from_file, const char *src, size_t *length)
{
    char *path = run_files_path(from_file, src);
    struct loaded *loaded = NULL;
    if (path != NULL) load(user, path, &loaded, NULL);
    memory_free(path);
    if (loaded == NULL) return NULL;
    *length = loaded->length;
    return loaded->bytes;
}

/* --- documents ----------------------------------------------------------------------------------------------------------- */

static int parse(struct run_files *files, struct document *document, struct guan_error *error)
{
    struct chart_read_options options = {.file = document->file, .source = source, .source_user = files};
    if (document->text != NULL) return chart_read(document->text, strlen(document->text), &options, &document->chart, error);
    struct loaded *loaded = NULL;
    int code = load(files, document->file, &loaded, error);
    return loaded != NULL ? chart_read(loaded->bytes, loaded->length, &options, &document->chart, error) : code;
}

int run_files_chart(struct run_files *files, const char *file, const char *text, const struct chart **out,
                    struct guan_error *error)
{
    for (const struct document *known = files->documents; known != NULL; known = known->next) {
        if (strcmp(known->file, file) != 0 || !text_equal(known->text, text)) continue;
        *out = known->chart;
        return GUAN_OK;
    }
    size_t length = strlen(file);
    struct document *document = memory_alloc(sizeof *document + length + 1);
    if (document == NULL) return error_memory(error);
    memcpy(document->file, file, length);
    int code = GUAN_OK;
    if (text != NULL) {
        document->text = memory_alloc(strlen(text) + 1);
        if (document->text != NULL) memcpy(document->text, text, strlen(text));
        else code = error_memory(error);
    }
    if (code == GUAN_OK) code = parse(files, document, error);
    if (code != GUAN_OK) {
        memory_free(document->text);
        memory_free(document);
        return code;
    }
    document->next = files->documents;
    files->documents = document;
    *out = document->chart;
    return GUAN_OK;
}
