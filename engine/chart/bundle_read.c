/* A bundle from a folder. Only the known folders and extensions are looked at; links, pipes and devices are refused, every file
 * is opened relative to its folder's descriptor, so that nothing outside is reached. */
#include "chart/bundle_files.h"

#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failed(struct guan_error *error, const char *path)
{
    if (errno == ELOOP) {
        error_set(error, GUAN_NO, "symlink", "%s is a symbolic link", path);
        error_hint(error, "put the file itself there");
        return GUAN_NO;
    }
    return error_set(error, GUAN_FAILED, "read", "%s cannot be read: %s", path, strerror(errno));
}

static int read_all(int fd, struct buffer *bytes, const char *path, struct guan_error *error)
{
    char piece[65536];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed(error, path);
        if (n == 0) return bytes->failed ? error_memory(error) : GUAN_OK;
        buffer_add(bytes, piece, (size_t)n);
        if (bytes->length > LIMIT_FILE_BYTES) /* it grew since its size was looked at */
            return error_set(error, GUAN_NO, "file-size", "%s has more than %u bytes", path, LIMIT_FILE_BYTES);
    }
}

static int read_file(struct bundle *bundle, int folder, const char *name, const char *path, struct guan_error *error)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return failed(error, path);
    struct stat status;
    struct buffer bytes = {0};
    int code = GUAN_OK;
    if (fstat(fd, &status) != 0) code = failed(error, path);
    else if (!S_ISREG(status.st_mode)) code = error_set(error, GUAN_NO, "not-a-file", "%s is not a regular file", path);
    else if (status.st_size > (off_t)LIMIT_FILE_BYTES)
        code = error_set(error, GUAN_NO, "file-size", "%s has %lld bytes, more than %u", path, (long long)status.st_size,
                         LIMIT_FILE_BYTES);
    if (code == GUAN_OK) code = read_all(fd, &bytes, path, error);
    if (code == GUAN_OK) code = bundle_add(bundle, path, bytes.length == 0 ? "" : bytes.data, bytes.length, error);
    buffer_release(&bytes);
    close(fd);
    return code;
}

/* The folders that hold files of a bundle. `depth` counts names: scripts/dealers/<name> is three deep. */
static bool is_known_folder(const char *path, int depth)
{
    if (depth == 1) return strcmp(path, "processes") == 0 || strcmp(path, "scripts") == 0;
    if (depth == 2)
        return strcmp(path, "processes/standards") == 0 || strcmp(path, "processes/calendars") == 0 ||
               strcmp(path, "scripts/dealers") == 0;
    return depth == 3 && strncmp(path, "scripts/dealers/", 16) == 0;
}

static int read_folder(struct bundle *bundle, int parent, const char *name, const char *path, int depth,
                       struct guan_error *error);

static int read_entry(struct bundle *bundle, int folder, const char *name, const char *path, int depth, struct guan_error *error)
{
    const char *dealer;
    size_t length;
    if (bundle_part_of(path, &dealer, &length) != PART_NONE) return read_file(bundle, folder, name, path, error);
    if (!is_known_folder(path, depth)) return GUAN_OK;
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return failed(error, path);
    if (S_ISLNK(status.st_mode)) {
        errno = ELOOP;
        return failed(error, path);
    }
    return S_ISDIR(status.st_mode) ? read_folder(bundle, folder, name, path, depth, error) : GUAN_OK;
}

static int read_folder(struct bundle *bundle, int parent, const char *name, const char *path, int depth, struct guan_error *error)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return failed(error, path);
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        close(fd);
        return failed(error, path);
    }
    int code = GUAN_OK;
    const struct dirent *entry;
    while (code == GUAN_OK && (errno = 0, entry = readdir(folder)) != NULL) {
        char below[1024];
        if (entry->d_name[0] == '.') continue;
        int n = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (n > 0 && (size_t)n < sizeof below) code = read_entry(bundle, fd, entry->d_name, below, depth + 1, error);
    }
    if (code == GUAN_OK && errno != 0) code = failed(error, path);
    closedir(folder);
    return code;
}

static int read_top(struct bundle *bundle, int top, const char *dir, struct guan_error *error)
{
    struct stat status;
    if (fstatat(top, "processes", &status, AT_SYMLINK_NOFOLLOW) != 0) {
        error_set(error, GUAN_USAGE, "no-bundle", "%s holds no folder \"processes\"", dir);
        error_hint(error, "name the folder that holds processes/ and scripts/");
        return GUAN_USAGE;
    }
    int code = read_entry(bundle, top, "processes", "processes", 1, error);
    if (code == GUAN_OK && fstatat(top, "scripts", &status, AT_SYMLINK_NOFOLLOW) == 0)
        code = read_entry(bundle, top, "scripts", "scripts", 1, error);
    return code;
}

int bundle_read(const char *dir, struct bundle **out, struct guan_error *error)
{
    *out = NULL;
    int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (top < 0) {
        error_set(error, GUAN_USAGE, "no-bundle", "%s is not a folder that can be read: %s", dir, strerror(errno));
        return GUAN_USAGE;
    }
    struct bundle *bundle;
    int code = bundle_new(&bundle, error);
    if (code == GUAN_OK) code = read_top(bundle, top, dir, error);
    close(top);
    if (code != GUAN_OK) {
        bundle_free(bundle);
        return code;
    }
    *out = bundle;
    return GUAN_OK;
}
