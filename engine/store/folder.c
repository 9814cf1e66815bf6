/* Copying and counting the evidence beside a store. */
#include "store/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4200, PIECE = 65536 };

/* Files of both levels; `each` gets the path below the folder. */
static int walk(const char *path, int (*each)(void *user, const char *below), void *user)
{
    DIR *outer = opendir(path);
    if (!outer) return GUAN_OK;
    int code = GUAN_OK;
    for (struct dirent *first; code == GUAN_OK && (first = readdir(outer));) {
        char inside[PATH_BYTES];
        if (first->d_name[0] == '.' || snprintf(inside, sizeof inside, "%s/%s", path, first->d_name) >= PATH_BYTES) continue;
        DIR *inner = opendir(inside);
        if (!inner) continue;
        for (struct dirent *second; code == GUAN_OK && (second = readdir(inner));) {
            char below[2 * sizeof second->d_name];
            if (second->d_name[0] == '.' || strchr(second->d_name, '.')) continue; /* a part, not yet whole */
            snprintf(below, sizeof below, "%s/%s", first->d_name, second->d_name);
            code = each(user, below);
        }
        closedir(inner);
    }
    closedir(outer);
    return code;
}

/* --- counting ------------------------------------------------------------------------------------------------------- */

struct sum {
    const char *path;
    uint64_t files, bytes;
};

static int add(void *user, const char *below)
{
    struct sum *sum = user;
    char path[PATH_BYTES];
    struct stat status;
    if (snprintf(path, sizeof path, "%s/%s", sum->path, below) < PATH_BYTES && stat(path, &status) == 0 &&
        S_ISREG(status.st_mode)) {
        sum->files++;
        sum->bytes += (uint64_t)status.st_size;
    }
    return GUAN_OK;
}

void folder_count(const char *path, uint64_t *files, uint64_t *bytes)
{
    struct sum sum = {.path = path};
    walk(path, add, &sum);
    *files = sum.files;
    *bytes = sum.bytes;
}

/* --- copying -------------------------------------------------------------------------------------------------------- */

struct copying {
    const char *from, *to;
    struct guan_error *error;
};

static int failed(struct guan_error *error, const char *path)
{
    error_set(error, GUAN_FAILED, "store", "the evidence cannot be copied: %s", strerror(errno));
    error_where(error, "%s", path);
    return GUAN_FAILED;
}

static int copy_bytes(int from, int to)
{
    char piece[PIECE];
    for (;;) {
        ssize_t got = read(from, piece, sizeof piece);
        if (got == 0) return fsync(to);
        for (ssize_t at = 0, put; at < got; at += put)
            if ((put = write(to, piece + at, (size_t)(got - at))) < 0) return -1;
        if (got < 0) return -1;
    }
}

/* Written under another name first: a file with the name of its hash is whole. */
static int copy_file(void *user, const char *below)
{
    struct copying *copying = user;
    char from[PATH_BYTES], to[PATH_BYTES], part[PATH_BYTES + 8];
    if (snprintf(from, sizeof from, "%s/%s", copying->from, below) >= PATH_BYTES ||
        snprintf(to, sizeof to, "%s/%s", copying->to, below) >= PATH_BYTES)
        return errno = ENAMETOOLONG, failed(copying->error, below);
    if (access(to, F_OK) == 0) return GUAN_OK;
    char *slash = strrchr(to, '/');
    *slash = '\0';
    bool made = mkdir(to, 0700) == 0 || errno == EEXIST;
    *slash = '/';
    snprintf(part, sizeof part, "%s.part", to);
    int in = made ? open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    int out = in >= 0 ? open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    bool copied = out >= 0 && copy_bytes(in, out) == 0;
    int why = errno;
    if (in >= 0) close(in);
    if (out >= 0 && close(out) != 0) copied = false;
    errno = why;
    return copied && rename(part, to) == 0 ? GUAN_OK : failed(copying->error, to);
}

int folder_copy(const char *from, const char *to, struct guan_error *error)
{
    struct copying copying = {from, to, error};
    struct stat status;
    if (stat(from, &status) != 0) return errno == ENOENT ? GUAN_OK : failed(error, from);
    if (mkdir(to, 0700) != 0 && errno != EEXIST) return failed(error, to);
    return walk(from, copy_file, &copying);
}
