/* A bundle: files by path, their hashes, and what is made of them on first use. */
#include "chart/bundle_files.h"

#include "base/limits.h"
#include "base/text.h"
#include "chart/compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- paths -------------------------------------------------------------------------------------------------------------- */

static bool has_extension(const char *name, const char *extension)
{
    size_t n = strlen(name), e = strlen(extension);
    return n > e && memcmp(name + n - e, extension, e) == 0;
}

static bool is_file_name(const char *name)
{
    return name[0] != '.' && is_id(name);
}

/* The rest of the path in a folder, if it is a plain file name with one of the extensions. */
static bool in_folder(const char *path, const char *folder, const char *extension)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && is_file_name(path + n) && has_extension(path + n, extension);
}

enum bundle_part bundle_part_of(const char *path, const char **dealer, size_t *length)
{
    static const char dealers[] = "scripts/dealers/";
    *dealer = NULL;
    *length = 0;
    if (strcmp(path, "processes/parameters.xml") == 0 || strcmp(path, "processes/roles.xml") == 0 ||
        strcmp(path, "processes/retention.xml") == 0 || in_folder(path, "processes/calendars/", ".ics"))
        return PART_HOUSE;
    if (in_folder(path, "processes/", ".scxml") || in_folder(path, "processes/", ".lua") ||
        in_folder(path, "processes/standards/", ".xml"))
        return PART_DEFINITION;
    if (!text_starts(path, dealers)) return PART_NONE;
    const char *name = path + sizeof dealers - 1, *slash = strchr(name, '/');
    size_t plain_length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    if (slash == NULL || slash == name || name + plain_length != slash || !is_file_name(slash + 1)) return PART_NONE;
    if (!has_extension(slash, ".xml") && !has_extension(slash, ".lua") && !has_extension(slash, ".ics")) return PART_NONE;
    *dealer = name;
    *length = (size_t)(slash - name);
    return PART_HOUSE;
}

/* --- files -------------------------------------------------------------------------------------------------------------- */

int bundle_new(struct bundle **out, struct guan_error *error)
{
    *out = NULL;
    struct bundle *bundle = memory_alloc(sizeof *bundle);
    if (bundle == NULL) return error_memory(error);
    bundle->arena = arena_new();
    if (bundle->arena == NULL) {
        memory_free(bundle);
        return error_memory(error);
    }
    *out = bundle;
    return GUAN_OK;
}

int bundle_new_published(bundle_fetch fetch, void *user, struct bundle **out, struct guan_error *error)
{
    int code = bundle_new(out, error);
    if (code != GUAN_OK) return code;
    (*out)->fetch = fetch;
    (*out)->fetch_user = user;
    return GUAN_OK;
}

bool bundle_failed(const struct bundle *bundle)
{
    bool failed = arena_failed(bundle->arena);
    for (size_t i = 0; i < bundle->dealer_count; i++) failed = failed || dealer_failed(bundle->dealers[i]);
    return failed;
}

void bundle_free(struct bundle *bundle)
{
    if (bundle == NULL) return;
    for (size_t i = 0; i < bundle->process_count; i++) chart_free(bundle->processes[i].chart);
    for (size_t i = 0; i < bundle->dealer_count; i++) dealer_free(bundle->dealers[i]);
    calendars_free(&bundle->calendars);
    catalogue_free(bundle->catalogue);
    memory_free(bundle->files);
    arena_free(bundle->arena);
    memory_free(bundle);
}

/* The place of `path` among the sorted files: where it is, or where it would be put. */
static size_t place_of(const struct bundle *bundle, const char *path, bool *found)
{
    size_t low = 0, high = bundle->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(bundle->files[middle].path, path) < 0) low = middle + 1;
        else high = middle;
    }
    *found = low < bundle->count && strcmp(bundle->files[low].path, path) == 0;
    return low;
}

const struct bundle_file *bundle_find(const struct bundle *bundle, const char *path)
{
    bool found;
    size_t at = place_of(bundle, path, &found);
    return found ? &bundle->files[at] : NULL;
}

static int make_room(struct bundle *bundle, struct guan_error *error)
{
    if (bundle->count < bundle->capacity) return GUAN_OK;
    size_t capacity = bundle->capacity == 0 ? 32 : bundle->capacity * 2;
    struct bundle_file *files = memory_resize(bundle->files, capacity * sizeof *files);
    if (files == NULL) return error_memory(error);
    bundle->files = files;
    bundle->capacity = capacity;
    return GUAN_OK;
}

static int check_file(const struct bundle *bundle, const char *path, size_t length, struct guan_error *error)
{
    if (bundle->sealed) return error_set(error, GUAN_USAGE, "bundle-in-use", "%s comes too late: the bundle is in use", path);
    if (bundle->count >= LIMIT_BUNDLE_FILES)
        return error_set(error, GUAN_NO, "too-many-files", "the bundle has more than %u files", LIMIT_BUNDLE_FILES);
    if (length > LIMIT_FILE_BYTES)
        return error_set(error, GUAN_NO, "file-size", "%s has %zu bytes, more than %u", path, length, LIMIT_FILE_BYTES);
    return GUAN_OK;
}

/* Without bytes, their hash is known. */
static int add_file(struct bundle *bundle, const char *path, const char *bytes, size_t length, const struct hash *known,
                    struct guan_error *error)
{
    const char *dealer;
    size_t dealer_length;
    bool found;
    enum bundle_part part = bundle_part_of(path, &dealer, &dealer_length);
    if (part == PART_NONE)
        return error_set(error, GUAN_USAGE, "bundle-path", "%s is no file of a definition or of a dealer's house", path);
    int code = check_file(bundle, path, length, error);
    if (code == GUAN_OK) code = make_room(bundle, error);
    if (code != GUAN_OK) return code;
    size_t at = place_of(bundle, path, &found);
    if (found) return error_set(error, GUAN_USAGE, "duplicate-file", "%s is in the bundle already", path);
    struct bundle_file file = {.length = length, .house = part == PART_HOUSE};
    file.path = arena_text(bundle->arena, path, strlen(path));
    file.bytes = arena_text(bundle->arena, bytes, length);
    if (dealer != NULL) file.dealer = arena_text(bundle->arena, dealer, dealer_length);
    if (arena_failed(bundle->arena)) return error_memory(error);
    if (known != NULL) file.hash = *known;
    else if (hash_bytes(file.bytes, length, &file.hash) != GUAN_OK)
        return error_set(error, GUAN_FAILED, "hash", "SHA-256 of %s could not be computed", path);
    memmove(bundle->files + at + 1, bundle->files + at, (bundle->count - at) * sizeof *bundle->files);
    bundle->files[at] = file;
    bundle->count++;
    return GUAN_OK;
}

int bundle_add(struct bundle *bundle, const char *path, const char *bytes, size_t length, struct guan_error *error)
{
    return add_file(bundle, path, length == 0 ? "" : bytes, length, NULL, error);
}

int bundle_add_published(struct bundle *bundle, const char *path, const struct hash *hash, struct guan_error *error)
{
    return add_file(bundle, path, NULL, 0, hash, error);
}

int bundle_load(struct bundle *bundle, const struct bundle_file *file, struct guan_error *error)
{
    struct bundle_file *own = &bundle->files[file - bundle->files];
    const char *bytes;
    if (own->bytes != NULL) return GUAN_OK;
    int code = bundle->fetch(bundle->fetch_user, bundle->arena, &own->hash, &bytes, &own->length, error);
    if (code == GUAN_OK) own->bytes = bytes;
    return code;
}

size_t bundle_count(const struct bundle *bundle)
{
    return bundle->count;
}
const struct bundle_file *bundle_at(const struct bundle *bundle, size_t index)
{
    return &bundle->files[index];
}

/* --- hashes ------------------------------------------------------------------------------------------------------------- */

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

int bundle_hash_of(const struct bundle *bundle, bool (*wanted)(const struct bundle_file *file, const char *dealer),
                   const char *dealer, struct hash *out)
{
    struct arena *arena = arena_new();
    char **lines = arena_alloc(arena, bundle->count * sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; i < bundle->count && lines != NULL; i++) {
        const struct bundle_file *file = &bundle->files[i];
        char hex[HASH_HEX];
        if (!wanted(file, dealer)) continue;
        hash_hex(&file->hash, hex);
        char *line = arena_printf(arena, "%s  %s\n", hex, file->path);
        if (line != NULL) lines[count++] = line;
    }
    struct buffer all = {0};
    int code = GUAN_FAILED;
    if (!arena_failed(arena)) {
        if (count > 0) qsort(lines, count, sizeof *lines, by_text);
        for (size_t i = 0; i < count; i++) buffer_text(&all, lines[i]);
        if (!all.failed) code = hash_bytes(all.length == 0 ? "" : all.data, all.length, out);
    }
    buffer_release(&all);
    arena_free(arena);
    return code;
}

static bool of_definition(const struct bundle_file *file, const char *dealer)
{
    (void)dealer;
    return !file->house;
}

int bundle_hash(const struct bundle *bundle, struct hash *out)
{
    return bundle_hash_of(bundle, of_definition, NULL, out);
}

/* --- processes and dealers ------------------------------------------------------------------------------------------------ */

static void list_processes(struct bundle *bundle)
{
    bundle->processes = arena_alloc(bundle->arena, bundle->count * sizeof *bundle->processes);
    for (size_t i = 0; i < bundle->count && bundle->processes != NULL; i++) {
        const struct bundle_file *file = &bundle->files[i];
        if (file->house || !has_extension(file->path, ".scxml")) continue;
        const char *name = file->path + strlen("processes/");
        const char *stem = arena_text(bundle->arena, name, strlen(name) - strlen(".scxml"));
        if (stem != NULL) bundle->processes[bundle->process_count++] = (struct process){.name = stem, .file = file};
    }
}

static int list_dealers(struct bundle *bundle)
{
    bundle->dealers = arena_alloc(bundle->arena, bundle->count * sizeof *bundle->dealers);
    for (size_t i = 0; i < bundle->count && bundle->dealers != NULL; i++) {
        const char *name = bundle->files[i].dealer; /* files are sorted: those of one dealer stand together */
        if (name == NULL) continue;
        if (bundle->dealer_count > 0 && strcmp(dealer_name(bundle->dealers[bundle->dealer_count - 1]), name) == 0) continue;
        if (dealer_new(bundle, name, strlen(name), &bundle->dealers[bundle->dealer_count]) != GUAN_OK) return GUAN_FAILED;
        bundle->dealer_count++;
    }
    return GUAN_OK;
}

int bundle_seal(struct bundle *bundle, struct guan_error *error)
{
    if (arena_failed(bundle->arena)) return error_memory(error);
    if (bundle->sealed) return GUAN_OK;
    bundle->sealed = true;
    list_processes(bundle);
    if (list_dealers(bundle) != GUAN_OK || arena_failed(bundle->arena)) {
        (void)arena_alloc(bundle->arena, SIZE_MAX); /* half a list is no list: from now on every use fails */
        return error_memory(error);
    }
    return GUAN_OK;
}

/* Counting is a use: the lists are made then, which does not change what the bundle holds. */
static bool listed(const struct bundle *bundle)
{
    return bundle_seal((struct bundle *)(uintptr_t)bundle, NULL) == GUAN_OK;
}

size_t bundle_process_count(const struct bundle *bundle)
{
    return listed(bundle) ? bundle->process_count : 0;
}
const char *bundle_process_at(const struct bundle *bundle, size_t index)
{
    return bundle->processes[index].name;
}
size_t bundle_dealer_count(const struct bundle *bundle)
{
    return listed(bundle) ? bundle->dealer_count : 0;
}
const char *bundle_dealer_at(const struct bundle *bundle, size_t index)
{
    return dealer_name(bundle->dealers[index]);
}

/* --- catalogue and charts ------------------------------------------------------------------------------------------------- */

static bool is_catalogue(const struct bundle_file *file)
{
    return file->dealer == NULL && has_extension(file->path, ".xml");
}

int bundle_read_catalogue(struct bundle *bundle, diagnostic_sink sink, void *user, struct catalogue **out,
                          struct guan_error *error)
{
    *out = NULL;
    struct catalogue *catalogue = catalogue_new();
    if (catalogue == NULL) return error_memory(error);
    int code = GUAN_OK;
    for (size_t i = 0; i < bundle->count && code != GUAN_FAILED; i++) {
        const struct bundle_file *file = &bundle->files[i];
        if (!is_catalogue(file)) continue;
        struct guan_error *first = code == GUAN_OK ? error : NULL;
        int added = bundle_load(bundle, file, first);
        if (added == GUAN_OK) added = catalogue_add(catalogue, file->path, file->bytes, file->length, sink, user, first);
        if (added != GUAN_OK) code = added;
    }
    if (code != GUAN_FAILED) {
        int finished = catalogue_finish(catalogue, sink, user, code == GUAN_OK ? error : NULL);
        if (finished != GUAN_OK) code = finished;
    }
    if (code != GUAN_OK) {
        catalogue_free(catalogue);
        return code;
    }
    *out = catalogue;
    return GUAN_OK;
}

const struct catalogue *bundle_catalogue(struct bundle *bundle, struct guan_error *error)
{
    if (bundle_seal(bundle, error) != GUAN_OK) return NULL;
    if (bundle->catalogue == NULL) (void)bundle_read_catalogue(bundle, NULL, NULL, &bundle->catalogue, error);
    return bundle->catalogue;
}

int bundle_read_calendars(struct bundle *bundle, diagnostic_sink sink, void *user, struct guan_error *error)
{
    if (bundle->calendars_read) return GUAN_OK;
    int code = calendars_read(bundle, NULL, bundle->arena, &bundle->calendars, sink, user, error);
    bundle->calendars_read = code == GUAN_OK;
    return code;
}

/* A path beside the document; nothing that climbs out. */
static const char *source_of(void *user, const char *from_file, const char *path, size_t *length)
{
    struct bundle *bundle = user;
    const char *slash = strrchr(from_file, '/');
    int folder = slash == NULL ? 0 : (int)(slash - from_file) + 1;
    if (text_starts(path, "./")) path += 2;
    char full[512];
    int n = snprintf(full, sizeof full, "%.*s%s", folder, from_file, path);
    if (n < 0 || (size_t)n >= sizeof full) return NULL;
    const struct bundle_file *file = bundle_find(bundle, full); /* only clean paths are in the bundle */
    if (file == NULL || bundle_load(bundle, file, &bundle->fault) != GUAN_OK) return NULL;
    *length = file->length;
    return file->bytes;
}

int bundle_read_chart(struct bundle *bundle, const struct process *process, const struct catalogue *catalogue,
                      diagnostic_sink sink, void *user, struct chart **out, struct guan_error *error)
{
    struct chart_read_options options = {.file = process->file->path,
                                         .catalogue = catalogue,
                                         .source = source_of,
                                         .source_user = bundle,
                                         .sink = sink,
                                         .sink_user = user,
                                         .published = bundle->fetch != NULL};
    error_clear(&bundle->fault);
    int code = bundle_load(bundle, process->file, error);
    if (code == GUAN_OK) code = chart_read(process->file->bytes, process->file->length, &options, out, error);
    if (bundle->fault.code != GUAN_OK && error != NULL) *error = bundle->fault;
    return bundle->fault.code != GUAN_OK ? bundle->fault.code : code;
}

static struct process *find_process(struct bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->process_count; i++)
        if (strcmp(bundle->processes[i].name, name) == 0) return &bundle->processes[i];
    return NULL;
}

static int known_process(struct bundle *bundle, const char *name, struct process **out, struct guan_error *error)
{
    int code = bundle_seal(bundle, error);
    if (code != GUAN_OK) return code;
    *out = find_process(bundle, name);
    if (*out != NULL) return GUAN_OK;
    struct guess guess = {.word = name};
    for (size_t i = 0; i < bundle->process_count; i++) guess_offer(&guess, bundle->processes[i].name);
    error_set(error, GUAN_USAGE, "unknown-process", "there is no process \"%s\"", name);
    if (guess.best != NULL) error_hint(error, "did you mean \"%s\"?", guess.best);
    return GUAN_USAGE;
}

int bundle_chart(struct bundle *bundle, const char *process, const struct chart **out, struct guan_error *error)
{
    struct process *found;
    *out = NULL;
    int code = known_process(bundle, process, &found, error);
    if (code == GUAN_OK && found->chart == NULL) {
        const struct catalogue *catalogue = bundle_catalogue(bundle, error);
        if (catalogue == NULL) return error == NULL ? GUAN_NO : error->code;
        code = bundle_read_chart(bundle, found, catalogue, NULL, NULL, &found->chart, error);
    }
    if (code == GUAN_OK) *out = found->chart;
    return code;
}

/* The file up to the root's start tag, which is closed at once; NULL: it has none. */
static const char *head_of(struct arena *arena, const struct bundle_file *file)
{
    const char *at = file->bytes, *end = at + file->length;
    char quote = '\0';
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL && (at[1] == '?' || at[1] == '!')) {
        at = strstr(at, at[1] == '?' ? "?>" : "-->");
        if (at == NULL) return NULL;
    }
    for (; at != NULL && at < end && (quote != '\0' || *at != '>'); at++) {
        if (*at == quote) quote = '\0';
        else if (quote == '\0' && (*at == '"' || *at == '\'')) quote = *at;
    }
    if (at == NULL || at == end) return NULL;
    if (at[-1] == '/') at--;
    return arena_printf(arena, "%.*s/>", (int)(at - file->bytes), file->bytes);
}

int bundle_title(struct bundle *bundle, const char *process, const char **out, struct guan_error *error)
{
    struct process *found;
    struct report report;
    struct tree tree = {0};
    *out = NULL;
    int code = known_process(bundle, process, &found, error);
    if (code == GUAN_OK && found->chart == NULL && found->title == NULL) {
        code = bundle_load(bundle, found->file, error);
        if (code != GUAN_OK) return code;
        const char *head = head_of(bundle->arena, found->file);
        report_init(&report, bundle->arena, found->file->path);
        if (head != NULL) tree_read(&tree, head, strlen(head), bundle->arena, &report);
        const struct attribute *title = tree.root == NULL ? NULL : node_attribute(tree.root, SPACE_GUAN, "title");
        if (arena_failed(bundle->arena)) return error_memory(error);
        found->title = title == NULL ? "" : title->value;
    }
    if (code != GUAN_OK) return code;
    const char *title = found->chart == NULL ? found->title : found->chart->title;
    *out = title == NULL || *title == '\0' ? NULL : title;
    return GUAN_OK;
}
