/* The contract, for the SQLite store on disk and in memory. */
#include "contract.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/guan-store-XXXXXX";
static char path[64];

static void remove_files(void)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-lock", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[100];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

static int make_file(unsigned flags, struct store **out, struct guan_error *error)
{
    remove_files();
    return store_open_new(path, flags, out, error);
}

static int open_again(struct store **store, struct guan_error *error)
{
    store_close(*store);
    *store = NULL;
    return store_open(path, store, error);
}

static int make_in_memory(unsigned flags, struct store **out, struct guan_error *error)
{
    return store_open_new(":memory:", flags, out, error);
}

int main(void)
{
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/guan.db", folder);
    contract.make = make_file;
    contract.again = open_again;
    int failed = cmocka_run_group_tests_name("sqlite file", contract_tests, NULL, NULL);
    contract.make = make_in_memory;
    contract.again = NULL;
    failed += cmocka_run_group_tests_name("sqlite memory", contract_tests, NULL, NULL);
    remove_files();
    rmdir(folder);
    return failed;
}
