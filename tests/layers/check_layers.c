/* Reads the sources and complains when an include points to a higher layer, when a tool includes more of the engine than
 * guan.h, or when a banned function is called. Usage: check_layers ROOT LAYER… (lowest first). */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct check {
    const char *root;
    char **layers;
    int layer_count;
    int files, complaints;
};

struct file {
    struct check *check;
    const char *path; /* below the root */
    int layer;        /* its place in the order; -1: a tool */
    int line;
};

static const char *const banned[] = {"strcpy",  "strcat",  "sprintf", "vsprintf", "gets",   "strtok", "atoi",
                                     "atol",    "atoll",   "atof",    "scanf",    "fscanf", "sscanf", "vscanf",
                                     "vfscanf", "vsscanf", "rand",    "srand",    NULL};
/* What a pure layer may not ask: the world outside. */
static const char *const impure[] = {"time",  "clock_gettime", "gettimeofday", "getenv",
                                     "fopen", "random_bytes",  "getentropy",   NULL};
static const char *const pure_layers[] = {"machine", "standard", NULL};

static bool listed(const char *const *list, const char *word, size_t length)
{
    for (; *list; list++)
        if (strlen(*list) == length && memcmp(*list, word, length) == 0) return true;
    return false;
}

static void complain(const struct file *file, const char *what, const char *word, size_t length)
{
    printf("%s:%d: %s %.*s\n", file->path, file->line, what, (int)length, word);
    file->check->complaints++;
}

static int layer_of(const struct check *check, const char *name, size_t length)
{
    for (int i = 0; i < check->layer_count; i++)
        if (strlen(check->layers[i]) == length && memcmp(check->layers[i], name, length) == 0) return i;
    return -1;
}

/* `name` is what stands between the quotes or angles. */
static void check_include(const struct file *file, const char *name, size_t length)
{
    const char *slash = memchr(name, '/', length);
    int layer = slash ? layer_of(file->check, name, (size_t)(slash - name)) : -1;
    if (length >= 2 && memcmp(name, "..", 2) == 0) complain(file, "includes a path out of its folder,", name, length);
    else if (file->layer < 0 && layer >= 0) complain(file, "a tool knows only guan.h, not", name, length);
    else if (layer > file->layer) complain(file, "includes a higher layer,", name, length);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t') at++;
    return at;
}

static void check_call(const struct file *file, const char *word, size_t length, const char *arguments)
{
    const char *layer = file->layer >= 0 ? file->check->layers[file->layer] : "";
    if (listed(banned, word, length)) complain(file, "calls the banned", word, length);
    else if (listed(pure_layers, layer, strlen(layer)) && listed(impure, word, length))
        complain(file, "is of a pure layer and calls", word, length);
    else if (length == 9 && memcmp(word, "setlocale", 9) == 0 && strncmp(skip_blanks(arguments), "LC_MESSAGES", 11) != 0)
        complain(file, "sets more of the locale than LC_MESSAGES,", word, length);
}

/* A line without comments and what is in quotes. */
static void check_line(const struct file *file, const char *line)
{
    const char *at = skip_blanks(line);
    if (*at == '#') {
        at = skip_blanks(at + 1);
        if (strncmp(at, "include", 7) == 0) {
            at = skip_blanks(at + 7);
            const char *end = *at ? strpbrk(at + 1, "\">") : NULL;
            if (end) check_include(file, at + 1, (size_t)(end - at - 1));
            return;
        }
    }
    while (*at) {
        if (!is_word(*at)) {
            at++;
            continue;
        }
        const char *word = at;
        while (is_word(*at)) at++;
        const char *after = skip_blanks(at);
        if (*after == '(') check_call(file, word, (size_t)(at - word), after + 1);
    }
}

enum state { CODE, TEXT, CHARACTER, BLOCK_COMMENT, LINE_COMMENT };

/* The state after `at`; a blank for whatever is not code, in place. Advances over two bytes where they belong together. */
static char *blank(char *at, enum state *state)
{
    char c = at[0], next = at[1];
    enum state was = *state;
    size_t size = 1;
    if (was == CODE) {
        if (c == '/' && (next == '*' || next == '/')) {
            *state = next == '*' ? BLOCK_COMMENT : LINE_COMMENT;
            size = 2;
        } else if (c == '"' || c == '\'') {
            *state = c == '"' ? TEXT : CHARACTER;
        }
    } else if (was == BLOCK_COMMENT) {
        if (c == '*' && next == '/') {
            *state = CODE;
            size = 2;
        }
    } else if (was != LINE_COMMENT) {
        if (c == '\\' && next) size = 2;
        if (c == (was == TEXT ? '"' : '\'')) *state = CODE;
    }
    if (was != CODE || *state == BLOCK_COMMENT || *state == LINE_COMMENT) memset(at, ' ', size);
    return at + size;
}

static void check_text(struct file *file, char *text)
{
    enum state state = CODE;
    for (char *line = text; line; file->line++) {
        char *end = strchr(line, '\n');
        if (end) *end = '\0';
        bool include = state == CODE && *skip_blanks(line) == '#' && strstr(line, "include");
        if (state == LINE_COMMENT) state = CODE;
        for (char *at = line; !include && *at;) at = blank(at, &state);
        check_line(file, line);
        line = end ? end + 1 : NULL;
    }
}

static char *read_all(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in) return NULL;
    struct stat status;
    char *text = fstat(fileno(in), &status) == 0 ? calloc(1, (size_t)status.st_size + 1) : NULL;
    if (text && fread(text, 1, (size_t)status.st_size, in) != (size_t)status.st_size) {
        free(text);
        text = NULL;
    }
    fclose(in);
    return text;
}

static void check_file(struct check *check, const char *path, int layer)
{
    struct file file = {check, path + strlen(check->root) + 1, layer, 1};
    char *text = read_all(path);
    if (!text) {
        complain(&file, "cannot be read", "", 0);
        return;
    }
    check->files++;
    check_text(&file, text);
    free(text);
}

static void check_folder(struct check *check, const char *folder, int layer)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t length = strlen(name);
        char path[4096];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", folder, name);
        if (name[0] != '.' && stat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode)) check_folder(check, path, layer);
            else if (length > 2 && name[length - 2] == '.' && (name[length - 1] == 'c' || name[length - 1] == 'h'))
                check_file(check, path, layer);
        }
        free(entries[i]);
    }
    if (count >= 0) free(entries);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: check_layers ROOT LAYER…\n");
        return 2;
    }
    struct check check = {argv[1], argv + 2, argc - 2, 0, 0};
    char path[4096];
    for (int i = 0; i < check.layer_count; i++) {
        snprintf(path, sizeof path, "%s/engine/%s", check.root, check.layers[i]);
        check_folder(&check, path, i);
    }
    snprintf(path, sizeof path, "%s/tools", check.root);
    check_folder(&check, path, -1);
    fprintf(stderr, "%d files, %d complaints\n", check.files, check.complaints);
    if (check.files == 0) return 2; /* nothing was proved */
    return check.complaints ? 1 : 0;
}
