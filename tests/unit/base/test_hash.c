/* Hashes against published vectors (FIPS 180-4, RFC 4231, RFC 6962, RFC 4648). */
#include "base/hash.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void is(const struct hash *hash, const char *hex)
{
    char text[HASH_HEX];
    hash_hex(hash, text);
    assert_string_equal(text, hex);
}

static void test_sha256(void **state)
{
    (void)state;
    struct hash hash;
    assert_int_equal(hash_bytes("", 0, &hash), GUAN_OK);
    is(&hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hash_bytes(NULL, 0, &hash);
    is(&hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hash_bytes("abc", 3, &hash);
    is(&hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    char *million = memory_alloc(1000000);
    memset(million, 'a', 1000000);
    hash_bytes(million, 1000000, &hash);
    is(&hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    memory_free(million);
}

static void test_prefixed(void **state)
{
    (void)state;
    struct hash leaf, node, plain;
    hash_prefixed(0, "", 0, NULL, 0, &leaf); /* the leaf of an empty entry */
    is(&leaf, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    unsigned char joined[1 + 2 * HASH_BYTES] = {1};
    memcpy(joined + 1, leaf.bytes, HASH_BYTES);
    memcpy(joined + 1 + HASH_BYTES, leaf.bytes, HASH_BYTES);
    hash_prefixed(1, leaf.bytes, HASH_BYTES, leaf.bytes, HASH_BYTES, &node);
    hash_bytes(joined, sizeof joined, &plain);
    assert_true(hash_equal(&node, &plain));
    assert_false(hash_equal(&node, &leaf));
}

static void test_hmac(void **state)
{
    (void)state;
    struct hash hash;
    unsigned char key[20];
    memset(key, 0x0b, sizeof key);
    assert_int_equal(hash_hmac(key, sizeof key, "Hi There", 8, &hash), GUAN_OK);
    is(&hash, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    hash_hmac("Jefe", 4, "what do ya want for nothing?", 28, &hash);
    is(&hash, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    hash_hmac(NULL, 0, NULL, 0, &hash);
    is(&hash, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    unsigned char larger[131];
    memset(larger, 0xaa, sizeof larger);
    hash_hmac(larger, sizeof larger, "Test Using Larger Than Block-Size Key - Hash Key First", 54, &hash);
    is(&hash, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void test_hex(void **state)
{
    (void)state;
    static const char good[] = "00ff0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab";
    struct hash hash = {{7}};
    assert_true(hash_from_hex(good, &hash));
    is(&hash, good);
    char bad[80];
    memcpy(bad, good, sizeof good);
    bad[63] = 'A';
    assert_false(hash_from_hex(bad, &hash));
    bad[63] = '\0';
    assert_false(hash_from_hex(bad, &hash));
    memcpy(bad, good, sizeof good);
    memcpy(bad + 64, "0", 2);
    assert_false(hash_from_hex(bad, &hash));
    assert_false(hash_from_hex(NULL, &hash));
    is(&hash, good); /* untouched */
}

static void test_base64url(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } cases[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xFE", "-__-"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        buffer_byte(&out, '=');
        base64url_add(&out, cases[i].bytes, strlen(cases[i].bytes));
        assert_string_equal(out.data + 1, cases[i].text);
        buffer_release(&out);
    }
}

static void test_random(void **state)
{
    (void)state;
    unsigned char a[1000] = {0}, b[1000] = {0};
    assert_int_equal(random_bytes(a, sizeof a), GUAN_OK);
    assert_int_equal(random_bytes(b, sizeof b), GUAN_OK);
    for (size_t i = 0; i + 32 <= sizeof a; i += 32) assert_memory_not_equal(a + i, b + i, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256), cmocka_unit_test(test_prefixed),  cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_hex),    cmocka_unit_test(test_base64url), cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
