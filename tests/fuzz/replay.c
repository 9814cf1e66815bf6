/* Runs a fuzz target over the files of the folders given: the corpus as a regression test, with any compiler. */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20 };

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *data = malloc(MOST_BYTES);
    if (!file || !data) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    size_t size = fread(data, 1, MOST_BYTES, file);
    fclose(file);
    /* A block of exactly this size, so that a read past the end is seen. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact) exit(2);
    memcpy(exact, data, size);
    free(data);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

static int run_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir) return 0;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        count += run_file(path);
    }
    closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) count += run_folder(argv[i]);
    printf("%d inputs\n", count);
    return count ? 0 : 2; /* an empty corpus proves nothing */
}
