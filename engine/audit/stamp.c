/* Time stamps of an authority (RFC 3161), over libcrypto: that a checkpoint existed at a time, said by somebody who has no part
 * in the record. */
#include "audit/desk.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int bad_stamp(struct guan_error *error, int code, const char *why)
{
    error_set(error, code, "stamp", "the time stamp does not hold: %s", why);
    error_hint(error, "--authority FILE names the certificates (PEM) that the authority is trusted by");
    return code;
}

static X509_STORE *trust(const char *authority)
{
    X509_STORE *store = X509_STORE_new();
    int loaded = !store ? 0 : authority ? X509_STORE_load_file(store, authority) : X509_STORE_set_default_paths(store);
    if (loaded == 1) return store;
    X509_STORE_free(store);
    return NULL;
}

static bool read_time(const TS_TST_INFO *info, instant *out)
{
    struct tm tm = {0};
    if (!info || !ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm)) return false;
    *out = (civil_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) *
           MS_SECOND;
    return true;
}

/* The certificate is judged as of the time of the stamp: it may have run out since. */
static int verify(TS_RESP *response, BIO *data, X509_STORE *store, instant *time, struct guan_error *error)
{
    const TS_TST_INFO *info = TS_RESP_get_tst_info(response);
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    if (!context) return error_memory(error);
    if (!read_time(info, time)) {
        TS_VERIFY_CTX_free(context);
        return bad_stamp(error, GUAN_TAMPERED, "it does not say a time");
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(*time / MS_SECOND));
    TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_DATA);
    TS_VERIFY_CTX_set_data(context, data);
    TS_VERIFY_CTX_set_store(context, store);
    bool holds = TS_RESP_verify_response(context, response) == 1;
    char why[200] = "";
    unsigned long reason = ERR_peek_last_error();
    if (reason) snprintf(why, sizeof why, "%s", ERR_reason_error_string(reason) ? ERR_reason_error_string(reason) : "");
    ERR_clear_error();
    TS_VERIFY_CTX_free(context); /* data and store with it */
    return holds ? GUAN_OK : bad_stamp(error, GUAN_TAMPERED, why[0] ? why : "it is of something else");
}

int stamp_verify(const char *token, size_t token_length, const char *data, size_t length, const char *authority, instant *time,
                 struct guan_error *error)
{
    const unsigned char *at = (const unsigned char *)token;
    if (token_length > LONG_MAX || length > INT_MAX) return bad_stamp(error, GUAN_USAGE, "it is too long");
    TS_RESP *response = d2i_TS_RESP(NULL, &at, (long)token_length);
    if (!response) {
        ERR_clear_error();
        return bad_stamp(error, GUAN_USAGE, "the file is no answer of a time stamp authority");
    }
    X509_STORE *store = trust(authority);
    BIO *bytes = BIO_new_mem_buf(data, (int)length);
    int code;
    if (store && bytes) {
        code = verify(response, bytes, store, time, error);
    } else {
        code = bytes ? bad_stamp(error, GUAN_USAGE, "the certificates cannot be read") : error_memory(error);
        X509_STORE_free(store);
        BIO_free(bytes);
    }
    ERR_clear_error();
    TS_RESP_free(response);
    return code;
}
