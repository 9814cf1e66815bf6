/* What the ledger's commands and the care of the store answer, for people. Notes and proofs are printed byte for byte: they are
 * for other programs, and the engine lets none through that holds a control character. */
#include "render.h"

#include <errno.h>
#include <string.h>

static const json_t *only(const json_t *values)
{
    return json_array_get(values, json_array_size(values) - 1);
}

void render_key(struct cli *cli, const json_t *values)
{
    const json_t *value = only(values);
    printf("%s\n", safe(cli, text_at(value, "key")));
    fflush(stdout);
    if (json_object_get(value, "origin") && !true_at(value, "made")) return;
    fprintf(stderr, _("the private key is in %s: keep a copy of it elsewhere; the line above is for your auditor\n"),
            safe(cli, text_at(value, "file")));
}

/* To -o, or as it is. */
static void put_text(struct cli *cli, const char *text)
{
    const char *path = option_value(cli, 'o');
    if (!path) {
        fputs(text, stdout);
        return;
    }
    FILE *file = fopen(path, "wb");
    bool written = file && fputs(text, file) >= 0;
    if (file && fclose(file) != 0) written = false;
    if (written) return;
    fprintf(stderr, "guan: %s\n", say(cli, _("%s cannot be written: %s"), safe(cli, path), strerror(errno)));
    cli->failed = true;
}

void render_note(struct cli *cli, const json_t *values)
{
    const json_t *value = only(values);
    put_text(cli, text_at(value, "note"));
    if (json_object_get(value, "added")) {
        fflush(stdout);
        fprintf(stderr, _("%lld signatures added\n"), (long long)number_at(value, "added"));
    }
}

void render_proof(struct cli *cli, const json_t *values)
{
    put_text(cli, text_at(only(values), "proof"));
}

void render_tiles(struct cli *cli, const json_t *values)
{
    const json_t *value = only(values);
    printf(_("%lld entries, %lld files written below %s\n"), (long long)number_at(value, "size"),
           (long long)number_at(value, "files"), safe(cli, text_at(value, "dir")));
    if (number_at(value, "unsealed") > 0)
        print(cli, WARN, _("%lld entries are not sealed yet and are not among them\n"), (long long)number_at(value, "unsealed"));
}

void render_receipt(struct cli *cli, const json_t *values)
{
    const json_t *value = only(values);
    if (!json_object_get(value, "text")) {
        print(cli, GOOD, "%s", _("the record is what it was: "));
        printf(_("case %s, entry %lld of then, %lld now"), safe(cli, text_at(value, "case")), (long long)number_at(value, "n"),
               (long long)number_at(value, "now"));
        printf("%s\n", true_at(value, "signed") ? _("; signed by the ledger's key") : _("; without a signature"));
        return;
    }
    printf(_("record of %lld entries, root %s; case %s, entry %lld\n"), (long long)number_at(value, "size"),
           safe(cli, text_at(value, "root")), safe(cli, text_at(value, "case")), (long long)number_at(value, "n"));
    printf("%s\n", safe(cli, text_at(value, "text")));
}

/* --- verify --------------------------------------------------------------------------------------------------------- */

static void print_bad(struct cli *cli, const json_t *bad)
{
    print(cli, BAD, "%s", _("the record does not verify: "));
    const char *text = safe(cli, text_at(bad, "text")), *id = text_at(bad, "case");
    if (number_at(bad, "n") > 0)
        printf("%s\n", say(cli, _("entry %lld of case %s: %s"), (long long)number_at(bad, "n"), safe(cli, id), text));
    else printf("%s\n", text);
}

static void print_seals(struct cli *cli, const json_t *value)
{
    json_int_t unsealed = number_at(value, "unsealed");
    size_t i;
    json_t *key;
    long long checkpoints = number_at(value, "checkpoints");
    if (checkpoints > 0)
        printf("%s\n", say(cli,
                           ngettext("%lld checkpoint, of %lld entries", "%lld checkpoints, the newest of %lld entries",
                                    (unsigned long)checkpoints),
                           checkpoints, (long long)number_at(value, "sealed")));
    json_array_foreach(json_object_get(value, "keys"), i, key)
        printf("%s %s\n", _("signing key"), safe(cli, json_string_value(key)));
    if (unsealed > 0) print(cli, WARN, _("%lld entries not yet sealed\n"), (long long)unsealed);
    const json_t *back = json_object_get(value, "back");
    if (back)
        print(cli, WARN, _("the clock went back over two minutes %lld times and nothing says why, first at leaf %lld\n"),
              (long long)number_at(back, "count"), (long long)number_at(back, "index"));
}

static void print_against(struct cli *cli, const json_t *against)
{
    size_t i;
    json_t *one;
    if (true_at(against, "lost")) {
        print(cli, WARN, "%s\n",
              _("What was seen outside is among the entries that were lost; there is nothing left to compare it with."));
        return;
    }
    print(cli, GOOD, "%s", _("it goes on from what was seen outside: "));
    printf(_("%s of %lld entries\n"), strcmp(text_at(against, "kind"), "receipt") == 0 ? _("a receipt") : _("a checkpoint"),
           (long long)number_at(against, "size"));
    json_array_foreach(json_object_get(against, "signed"), i, one)
    {
        const char *time = time_at(cli, one, "time", true);
        printf("  %s %s%s%s\n", _("signed by"), safe(cli, text_at(one, "name")), *time ? ", " : "", time);
    }
    if (json_array_size(json_object_get(against, "signed")) == 0)
        print(cli, WARN, "  %s\n", _("signed by no key that is known here: give one with --key"));
    json_array_foreach(json_object_get(against, "unchecked"), i, one)
        print(cli, WARN, "  %s\n", say(cli, _("also signed by %s, not checked (give --key)"), safe(cli, json_string_value(one))));
    if (*text_at(against, "stamp")) printf("  %s %s\n", _("time stamp"), time_at(cli, against, "stamp", true));
    printf(_("Whoever changed the record before entry %lld would have been found; later entries rest on the file alone.\n"),
           (long long)number_at(against, "size"));
}

/* What cannot be seen is said in every report. */
static void print_limits(struct cli *cli)
{
    print(cli, DIM, "%s\n",
          _("Nothing outside to compare with: an owner of the file can have cut it off or written it anew as a whole; use "
            "--against "
            "with a checkpoint or a receipt kept elsewhere."));
}

/* What a restore has lost comes first: the rest verifies, and is not all. */
static void print_headline(struct cli *cli, const json_t *restored)
{
    if (!restored) {
        print(cli, GOOD, "%s", _("the record verifies: "));
        return;
    }
    print(cli, WARN, "%s",
          say(cli, _("restored from a backup: leaves %lld to %lld, which were sealed, are lost; the rest verifies: "),
              (long long)number_at(restored, "index"), (long long)number_at(restored, "size") - 1));
}

void render_verify(struct cli *cli, const json_t *values)
{
    size_t i;
    json_t *value;
    json_array_foreach(values, i, value)
    {
        if (json_object_get(value, "bad")) print_bad(cli, json_object_get(value, "bad"));
        if (!json_object_get(value, "entries")) continue;
        print_headline(cli, json_object_get(value, "restored"));
        long long entries = number_at(value, "entries"), cases = number_at(value, "cases");
        printf("%s%s", say(cli, ngettext("%lld entry", "%lld entries", (unsigned long)entries), entries), _(", "));
        printf("%s%s", say(cli, ngettext("%lld case", "%lld cases", (unsigned long)cases), cases), _(", "));
        printf("%s\n", say(cli, _("tree of %lld"), (long long)number_at(value, "size")));
        printf("%s %s", _("root"), safe(cli, text_at(value, "root")));
        if (*text_at(value, "root_hex")) printf(_(" (in hex %s)"), safe(cli, text_at(value, "root_hex")));
        printf("\n");
        print_seals(cli, value);
        if (json_object_get(value, "against")) print_against(cli, json_object_get(value, "against"));
        else print_limits(cli);
    }
}

/* --- the store ------------------------------------------------------------------------------------------------------ */

static const char *bytes_shown(struct cli *cli, json_int_t bytes)
{
    if (bytes < 10000) return say(cli, "%lld B", (long long)bytes);
    if (bytes < 10000 * 1024) return say(cli, "%lld KiB", (long long)bytes / 1024);
    return say(cli, "%lld MiB", (long long)bytes / (1024 * 1024));
}

void render_backup(struct cli *cli, const json_t *values)
{
    const json_t *value = only(values);
    print(cli, GOOD, "%s", _("backup made"));
    printf(_(": %s, %lld entries, %s; the evidence beside it\n"), safe(cli, text_at(value, "file")),
           (long long)number_at(value, "entries"), bytes_shown(cli, number_at(value, "bytes")));
}

void render_store_check(struct cli *cli, const json_t *values)
{
    size_t i;
    json_t *value;
    json_array_foreach(values, i, value)
    {
        if (*text_at(value, "text")) printf("%s\n", safe(cli, text_at(value, "text")));
        if (!json_object_get(value, "ok")) continue;
        if (true_at(value, "ok")) print(cli, GOOD, "%s", _("the store's file is sound"));
        else print(cli, BAD, "%s", _("the store's file is damaged: use a backup"));
        printf(_("; %s, %s free on the disk\n"), bytes_shown(cli, number_at(value, "bytes")),
               bytes_shown(cli, number_at(value, "free_bytes")));
    }
}

static void put_figure(struct cli *cli, struct grid *grid, const char *name, const char *text)
{
    (void)cli;
    grid_put(grid, DIM, name);
    grid_put(grid, PLAIN, text);
}

void render_stats(struct cli *cli, const json_t *values)
{
    const json_t *value = only(values);
    struct grid *grid = grid_new(cli, 2);
    const struct {
        const char *key, *name;
        bool bytes;
    } all[] = {{"cases", _("cases"), false},
               {"entries", _("entries"), false},
               {"entry_bytes", _("their bytes"), true},
               {"bytes_per_entry", _("store an entry, all in all"), true},
               {"checkpoints", _("checkpoints"), false},
               {"sessions", _("sessions"), false},
               {"timers", _("timers"), false},
               {"disclosures", _("personal values"), false},
               {"blobs", _("files in the store"), false},
               {"blob_bytes", _("their bytes"), true},
               {"evidence", _("files of evidence beside it"), false},
               {"evidence_bytes", _("their bytes"), true},
               {"bytes", _("the file"), true},
               {"unused_bytes", _("of it free for use"), true},
               {"log_bytes", _("the log beside it"), true},
               {"free_bytes", _("free on the disk"), true}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        json_int_t number = number_at(value, all[i].key);
        put_figure(cli, grid, all[i].name, all[i].bytes ? bytes_shown(cli, number) : say(cli, "%lld", (long long)number));
    }
    grid_print(grid, 0);
    grid_free(grid);
}

void render_restore(struct cli *cli, const json_t *values)
{
    const json_t *value = only(values);
    print(cli, GOOD, "%s", _("the backup is in use"));
    printf(_(": %s, %lld entries\n"), safe(cli, text_at(value, "store")), (long long)number_at(value, "size"));
    if (number_at(value, "lost") > 0)
        print(cli, WARN, _("%lld entries that the checkpoint had sealed are lost, and the record says so\n"),
              (long long)number_at(value, "lost"));
}
