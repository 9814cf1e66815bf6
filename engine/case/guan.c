/* The handle: a store, a Lua state, an arena; and the two things that come from outside, the clock and chance. */
#include "case/kase.h"

#include <time.h>

const char *guan_version(void)
{
    return GUAN_VERSION;
}

static int system_random(void *user, void *out, size_t length)
{
    (void)user;
    return random_bytes(out, length);
}

instant guan_wall_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (instant)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int guan_init(const char *path, unsigned flags, struct guan_error *error)
{
    unsigned store_flags_wanted = (flags & GUAN_VIRTUAL) ? STORE_VIRTUAL | STORE_CLAIMED : 0;
    if (flags & GUAN_CLAIMED) store_flags_wanted |= STORE_CLAIMED;
    return store_create(path, store_flags_wanted, error);
}

int guan_attach(struct store *store, struct guan **out, struct guan_error *error)
{
    struct guan *guan = memory_alloc(sizeof *guan);
    int code = guan ? GUAN_OK : error_memory(error);
    if (code == GUAN_OK) {
        guan->store = store;
        guan->random = system_random;
        guan->arena = arena_new();
        code = guan->arena ? script_new(&guan->script, error) : error_memory(error);
    }
    if (code != GUAN_OK) {
        if (guan) arena_free(guan->arena);
        memory_free(guan);
        store_close(store);
        return code;
    }
    *out = guan;
    return GUAN_OK;
}

int guan_open(const char *path, struct guan **out, struct guan_error *error)
{
    struct store *store;
    int code = store_open(path, &store, error);
    return code == GUAN_OK ? guan_attach(store, out, error) : code;
}

void guan_close(struct guan *guan)
{
    if (!guan) return;
    settings_free(guan);
    script_free(guan->script);
    arena_free(guan->arena);
    store_close(guan->store);
    memory_free(guan);
}

const char *guan_new_id(struct guan *guan, struct arena *arena)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char bytes[10];
    char text[11];
    if (guan->random(guan->random_user, bytes, sizeof bytes) != GUAN_OK) return NULL;
    for (size_t i = 0; i < sizeof bytes; i++) text[i] = digits[bytes[i] & 31u];
    text[10] = 0;
    return arena_text(arena, text, 10);
}
