/* The names and contacts of a case, which lie apart to be found by and to be erased: they are those that its entries disclose.
 *
 * Parties and the dealer's key are disclosed by the entry that opens the case, one row each. Which fields are contacts only the
 * definition says, so here a row that is there is held against the value that it was made of; one that is gone, or that nothing
 * discloses, is found when the case is performed again. */
#include "ledger/verify.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

struct naming {
    struct verifier *verifier;
    const struct entry_row *row;
    const char *kase;
    struct name_row *names;
    size_t count;
    size_t parties; /* disclosed by this entry */
    bool gone;      /* a disclosure of it is */
};

static const struct name_row *find(const struct naming *naming, const char *id)
{
    for (size_t i = 0; i < naming->count; i++)
        if (strcmp(naming->names[i].id, id) == 0) return &naming->names[i];
    return NULL;
}

static int wrong(struct naming *naming, const char *what)
{
    return verify_bad(naming->verifier, naming->row->index, "a name of case %.63s was changed: %s, as leaf %llu disclosed it",
                      naming->kase, what, (unsigned long long)naming->row->index);
}

/* What the dealer's key is looked up by: HMAC-SHA-256 under the store's secret. */
static int check_key(struct naming *naming, const char *value)
{
    struct verifier *verifier = naming->verifier;
    const char *hex = NULL;
    struct hash secret, key;
    struct case_row row;
    int code = store_info(verifier->store, verifier->arena, "secret", &hex, verifier->error);
    if (!code) code = store_case(verifier->store, verifier->arena, naming->kase, &row, verifier->error);
    if (code == GUAN_USAGE) return GUAN_OK; /* a row that is gone is told at the end */
    if (code == GUAN_TAMPERED)
        return verify_bad(verifier, naming->row->index, "the row of case %.63s was changed: it cannot be read", naming->kase);
    if (code) return code;
    if (!hex || !hash_from_hex(hex, &secret)) return verify_bad(verifier, NO_ENTRY, "the store has lost its secret");
    if (hash_hmac(secret.bytes, HASH_BYTES, value, strlen(value), &key)) return error_memory(verifier->error);
    if (hash_equal(&key, &row.key)) return GUAN_OK;
    return verify_bad(verifier, naming->row->index, "the row of case %.63s was changed: it is not found by the key it was given",
                      naming->kase);
}

/* "party.1" stands in row party:1, "key" in row key. */
static int check_party(struct naming *naming, const char *path, const char *value)
{
    char id[64];
    struct verifier *verifier = naming->verifier;
    snprintf(id, sizeof id, "%s", path);
    char *dot = strchr(id, '.');
    if (dot) *dot = ':';
    const struct name_row *name = find(naming, id);
    naming->parties++;
    if (!name)
        return verify_bad(verifier, naming->row->index, "personal data of case %.63s is gone, and the case was not erased: %s",
                          naming->kase, id);
    struct hash secret;
    int code = store_secret(verifier->store, naming->kase, &secret, NULL); /* goes with what it made tokens of, or not at all */
    if (code == GUAN_USAGE)
        return verify_bad(verifier, naming->row->index, "the secret of case %.63s is gone, and the case was not erased",
                          naming->kase);
    if (code) return code;
    if (!value || strcmp(name->name, value) != 0) return wrong(naming, "it is not the one that was given");
    return strcmp(path, "key") == 0 ? check_key(naming, value) : GUAN_OK;
}

static bool is_contact(const struct name_row *name)
{
    return strncmp(name->id, "contact:", 8) == 0;
}

/* A contact's row is named by the token of its value. */
static int check_contact(struct naming *naming, const struct value *value)
{
    struct verifier *verifier = naming->verifier;
    const char *text = value_as_text(value), *token = NULL;
    struct hash secret;
    bool any = false;
    for (size_t i = 0; i < naming->count; i++) any = any || is_contact(&naming->names[i]);
    if (!text || !any) return GUAN_OK;
    int code = store_secret(verifier->store, naming->kase, &secret, NULL);
    if (code) return code == GUAN_USAGE ? GUAN_OK : code;
    code = personal_token(verifier->arena, &secret, value, &token, verifier->error);
    const char *id = code ? NULL : arena_printf(verifier->arena, "contact:%s", token);
    if (code || !id) return code ? code : error_memory(verifier->error);
    const struct name_row *name = find(naming, id);
    return !name || strcmp(name->name, text) == 0 ? GUAN_OK : wrong(naming, "a contact is not the one that was given");
}

static int check_value(struct naming *naming, const struct hash *digest, bool opens)
{
    struct verifier *verifier = naming->verifier;
    const char *text = NULL, *path = NULL;
    struct value *value = NULL;
    int code = store_disclosure(verifier->store, verifier->arena, naming->kase, digest, &text, verifier->error);
    if (code) return code;
    if (!text) {
        naming->gone = true;
        return GUAN_OK;
    }
    code = personal_read(verifier->arena, text, &path, &value, NULL);
    if (code) return code == GUAN_FAILED ? error_memory(verifier->error) : GUAN_OK;
    if (opens && (strncmp(path, "party.", 6) == 0 || strcmp(path, "key") == 0))
        return check_party(naming, path, value_as_text(value));
    return strncmp(path, "form.", 5) == 0 ? check_contact(naming, value) : GUAN_OK;
}

/* Roles are in the record in the clear. */
static int check_roles(struct naming *naming)
{
    struct verifier *verifier = naming->verifier;
    struct value *entry;
    int code = json_read(verifier->arena, naming->row->bytes, naming->row->length, &entry, verifier->error);
    const struct value *parties = code ? NULL : value_get(value_get(entry, "facts"), "parties");
    for (size_t i = 0; !code && i < value_count(parties); i++) {
        const char *id = value_get_text(value_at(parties, i), "id"), *role = value_get_text(value_at(parties, i), "role");
        const struct name_row *name = id ? find(naming, id) : NULL;
        if (name && role && (!name->role || strcmp(name->role, role) != 0)) return wrong(naming, "its role is not the one");
    }
    return code == GUAN_FAILED ? code : GUAN_OK;
}

int verify_names(struct verifier *verifier, const struct entry_row *row, const struct entry_view *view, const char *kase)
{
    struct naming naming = {.verifier = verifier, .row = row, .kase = kase};
    struct slice sd = view->sd;
    struct hash digest;
    bool opens = view->n == 1 && view->kind.length == 4 && memcmp(view->kind.at, "open", 4) == 0;
    int code = store_names(verifier->store, verifier->arena, kase, &naming.names, &naming.count, verifier->error);
    while (!code && entry_next_digest(&sd, &digest)) code = check_value(&naming, &digest, opens);
    if (code || !opens || naming.gone) return code;
    size_t parties = 0;
    for (size_t i = 0; i < naming.count; i++) parties += !is_contact(&naming.names[i]);
    if (parties != naming.parties) return wrong(&naming, "there are more names than were given");
    return check_roles(&naming);
}
