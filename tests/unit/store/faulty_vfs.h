/* A file system for SQLite on which the n-th write goes wrong: it fails, the disk is full, or the process dies in the middle of
 * it. Becomes the default one, so what is tested does not know. */
#ifndef TESTS_FAULTY_VFS_H
#define TESTS_FAULTY_VFS_H

#include <signal.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    long countdown; /* writes, syncs and truncations until the fault; 0: none */
    long writes;    /* counted since the last set */
    int fault;      /* an SQLite code; FAULTY_KILL */
    size_t bytes;   /* written to logs */
} faulty;

enum { FAULTY_KILL = -1 };

struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real;
};

static sqlite3_file *faulty_real(sqlite3_file *file)
{
    return ((struct faulty_file *)file)->real;
}

/* After the first failure all fail: a disk does not mend itself within a transaction. */
static int faulty_hit(void)
{
    faulty.writes++;
    if (faulty.countdown == 0 || faulty.writes < faulty.countdown) return SQLITE_OK;
    return faulty.fault;
}

static int faulty_close(sqlite3_file *file)
{
    sqlite3_file *real = faulty_real(file);
    int result = real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
    free(real);
    return result;
}

static int faulty_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 at)
{
    return faulty_real(file)->pMethods->xRead(faulty_real(file), bytes, length, at);
}

static int faulty_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 at)
{
    int fault = faulty_hit();
    faulty.bytes += (size_t)length;
    if (fault != SQLITE_OK && length > 1) /* half of it arrives */
        faulty_real(file)->pMethods->xWrite(faulty_real(file), bytes, length / 2, at);
    if (fault == FAULTY_KILL) kill(getpid(), SIGKILL);
    return fault != SQLITE_OK ? fault : faulty_real(file)->pMethods->xWrite(faulty_real(file), bytes, length, at);
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int fault = faulty_hit();
    if (fault == FAULTY_KILL) kill(getpid(), SIGKILL);
    return fault != SQLITE_OK ? SQLITE_IOERR_TRUNCATE : faulty_real(file)->pMethods->xTruncate(faulty_real(file), size);
}

/* The tests are about order and errors, not about power: nothing is really synced, which makes them quick. */
static int faulty_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    int fault = faulty_hit();
    if (fault == FAULTY_KILL) kill(getpid(), SIGKILL);
    return fault != SQLITE_OK ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int faulty_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return faulty_real(file)->pMethods->xFileSize(faulty_real(file), size);
}

static int faulty_lock(sqlite3_file *file, int kind)
{
    return faulty_real(file)->pMethods->xLock(faulty_real(file), kind);
}

static int faulty_unlock(sqlite3_file *file, int kind)
{
    return faulty_real(file)->pMethods->xUnlock(faulty_real(file), kind);
}

static int faulty_reserved(sqlite3_file *file, int *out)
{
    return faulty_real(file)->pMethods->xCheckReservedLock(faulty_real(file), out);
}

static int faulty_control(sqlite3_file *file, int what, void *argument)
{
    return faulty_real(file)->pMethods->xFileControl(faulty_real(file), what, argument);
}

static int faulty_sector(sqlite3_file *file)
{
    return faulty_real(file)->pMethods->xSectorSize(faulty_real(file));
}

static int faulty_device(sqlite3_file *file)
{
    return faulty_real(file)->pMethods->xDeviceCharacteristics(faulty_real(file));
}

static int faulty_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return faulty_real(file)->pMethods->xShmMap(faulty_real(file), page, size, extend, out);
}

static int faulty_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return faulty_real(file)->pMethods->xShmLock(faulty_real(file), offset, count, flags);
}

static void faulty_shm_barrier(sqlite3_file *file)
{
    faulty_real(file)->pMethods->xShmBarrier(faulty_real(file));
}

static int faulty_shm_unmap(sqlite3_file *file, int remove)
{
    return faulty_real(file)->pMethods->xShmUnmap(faulty_real(file), remove);
}

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = faulty_close,
        .xRead = faulty_read,
        .xWrite = faulty_write,
        .xTruncate = faulty_truncate,
        .xSync = faulty_sync,
        .xFileSize = faulty_size,
        .xLock = faulty_lock,
        .xUnlock = faulty_unlock,
        .xCheckReservedLock = faulty_reserved,
        .xFileControl = faulty_control,
        .xSectorSize = faulty_sector,
        .xDeviceCharacteristics = faulty_device,
        .xShmMap = faulty_shm_map,
        .xShmLock = faulty_shm_lock,
        .xShmBarrier = faulty_shm_barrier,
        .xShmUnmap = faulty_shm_unmap,
    };
    (void)vfs;
    file->pMethods = NULL;
    sqlite3_file *real = calloc(1, (size_t)faulty.real->szOsFile);
    if (!real) return SQLITE_NOMEM;
    int result = faulty.real->xOpen(faulty.real, name, real, flags, out);
    if (result != SQLITE_OK) {
        free(real);
        return result;
    }
    ((struct faulty_file *)file)->real = real;
    file->pMethods = &methods;
    return SQLITE_OK;
}

static void faulty_install(void)
{
    faulty.real = sqlite3_vfs_find(NULL);
    faulty.vfs = *faulty.real;
    faulty.vfs.zName = "faulty";
    faulty.vfs.szOsFile = sizeof(struct faulty_file);
    faulty.vfs.xOpen = faulty_open;
    sqlite3_vfs_register(&faulty.vfs, 1);
}

/* The n-th write from now on, and all after it; 0: none. Returns the number of writes since the last call. */
static long faulty_set(long n, int fault)
{
    long writes = faulty.writes;
    faulty.writes = 0;
    faulty.countdown = n;
    faulty.fault = fault;
    return writes;
}

#endif
