/* Makes large revocation lists, and measures OpenSSL on them.
 *
 *   crl make OUT COUNT SERIALS ORDER REASONS [rsa|ec] [SEED]
 *       SERIALS  counter:GAP   numbers that grow by 1 … 2·GAP-1 each time, as a counter of which every GAP-th is revoked
 *                full:BITS     the same with the gap that fills BITS bits
 *                random:BITS   random numbers below 2^BITS
 *       ORDER    sorted | shuffled (random serials are never sorted)
 *       REASONS  none | mix (two of three entries) | all
 *     writes OUT (DER), OUT.key.pem (the public key), OUT.hits and OUT.misses (serials: a byte of length, content). The same arguments make
 *     the same entries; the key and the signature are new. With AUTHORITY=FOLDER in the environment the list is that authority's
 *     (its key.pem and certificate.pem), is dated now, is good for a day and carries the number NUMBER (128 to 32767).
 *   crl openssl OUT
 *     d2i_X509_CRL, X509_CRL_verify, X509_CRL_get0_by_serial: CPU, memory, look-ups.
 *   crl memory
 *     what one access to memory costs on this machine at this moment: the yardstick of look-ups.
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHECK(x) do { if (!(x)) { fprintf(stderr, "failed: %s (line %d)\n", #x, __LINE__); exit(1); } } while (0)

static uint64_t state;
static uint64_t dice(void) {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* ---- making ---- */

typedef struct { FILE *out; EVP_MD_CTX *sign; size_t count; } Sink;
static void put(Sink *s, const void *p, size_t n) {
    s->count += n;
    if (s->out) { CHECK(fwrite(p, 1, n, s->out) == n); CHECK(!s->sign || EVP_DigestSignUpdate(s->sign, p, n) == 1); }
}

static size_t header(unsigned char *p, int tag, size_t length) {
    size_t n = 0;
    p[n++] = tag;
    if (length < 0x80) { p[n++] = length; return n; }
    int width = 0;
    for (size_t l = length; l; l >>= 8) width++;
    p[n++] = 0x80 | width;
    for (int i = width - 1; i >= 0; i--) p[n++] = length >> (8 * i);
    return n;
}

static size_t integer(unsigned char *out, const unsigned char *bytes, size_t n) {
    while (n > 1 && bytes[0] == 0) { bytes++; n--; }
    size_t k = 0;
    if (bytes[0] >= 0x80) out[k++] = 0;
    memcpy(out + k, bytes, n);
    return k + n;
}

static uint64_t *numbers;
static int bits, reasons;
static size_t total;

static size_t serial_of(size_t i, unsigned char *out) {
    unsigned char raw[72];
    if (numbers) {
        for (int k = 0; k < 8; k++) raw[k] = numbers[i] >> (56 - 8 * k);
        return integer(out, raw, 8);
    }
    /* Each entry has dice of its own, so that any serial can be drawn again. */
    uint64_t keep = state;
    state = keep ^ (i * 0xd1342543de82ef95ull);
    int n = (bits + 7) / 8;
    for (int k = 0; k < n; k += 8) { uint64_t d = dice(); memcpy(raw + k, &d, 8); }
    if (bits % 8) raw[0] &= (1 << (bits % 8)) - 1;
    state = keep;
    return integer(out, raw, n);
}

static void entries(Sink *s, uint64_t seed) {
    unsigned char e[160], serial[80];
    uint64_t base = state;
    for (size_t i = 0; i < total; i++) {
        size_t n = serial_of(i, serial);
        state = seed + i * 0x9e3779b97f4a7c15ull + 77;
        uint64_t d = dice();
        state = base;
        /* Ten years of seconds, 2016 … 2025, every day and second of them. */
        char date[80];
        time_t at = 1451606400 + (time_t)((d >> 8) % 315532800);
        struct tm t;
        gmtime_r(&at, &t);
        snprintf(date, sizeof date, "%02d%02d%02d%02d%02d%02dZ", t.tm_year % 100, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
        int reason = reasons == 2 || (reasons == 1 && (d & 0xff) % 3) ? (int[]){1, 3, 4, 5, 6, 9}[(d & 0xff) % 6] : -1;
        size_t inner = 2 + n + 15 + (reason >= 0 ? 14 : 0), k = 0;
        k += header(e, 0x30, inner);
        e[k++] = 2; e[k++] = n; memcpy(e + k, serial, n); k += n;
        e[k++] = 0x17; e[k++] = 13; memcpy(e + k, date, 13); k += 13;
        if (reason >= 0) {
            memcpy(e + k, "\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01", 13); k += 13;
            e[k++] = reason;
        }
        put(s, e, k);
    }
}

static void sample(const char *path, const char *suffix, int hits) {
    char name[4096];
    snprintf(name, sizeof name, "%s.%s", path, suffix);
    FILE *f = fopen(name, "wb");
    CHECK(f);
    uint64_t keep = state, picker = 0x1234567;
    for (int made = 0, tries = 0; made < 1000000 && tries < 20000000; tries++) {
        uint64_t saved = state;
        state = picker;
        uint64_t d = dice();
        picker = state;
        state = saved;
        size_t i = d % total;
        unsigned char serial[80];
        size_t n;
        if (hits) n = serial_of(i, serial);
        else if (!numbers) n = serial_of(total + 1 + i, serial);
        else {
            /* The number behind a listed one, when it is not listed: numbers are kept in order for this. */
            if (i + 1 < total && numbers[i + 1] == numbers[i] + 1) continue;
            unsigned char raw[8];
            for (int k = 0; k < 8; k++) raw[k] = (numbers[i] + 1) >> (56 - 8 * k);
            n = integer(serial, raw, 8);
        }
        fputc(n, f);
        fwrite(serial, 1, n, f);
        made++;
    }
    state = keep;
    CHECK(fclose(f) == 0);
}

static int make(int argc, char **argv) {
    CHECK(argc >= 7);
    const char *path = argv[2];
    total = strtoull(argv[3], NULL, 10);
    int shuffled = !strcmp(argv[5], "shuffled"), rsa = argc < 8 || strcmp(argv[7], "ec");
    reasons = !strcmp(argv[6], "all") ? 2 : !strcmp(argv[6], "mix") ? 1 : 0;
    uint64_t seed = argc > 8 ? strtoull(argv[8], NULL, 10) : 1, gap = 0;
    state = seed;
    if (sscanf(argv[4], "counter:%lu", &gap) != 1 && sscanf(argv[4], "full:%d", &bits) == 1) gap = ((1ull << bits) - 1) / total;
    else if (!gap) CHECK(sscanf(argv[4], "random:%d", &bits) == 1 && bits <= 512);
    if (gap) {
        CHECK(numbers = malloc(total * sizeof *numbers));
        uint64_t n = 0;
        for (size_t i = 0; i < total; i++) numbers[i] = n += gap < 2 ? 1 : 1 + dice() % (2 * gap - 1);
    }
    sample(path, "misses", 0);
    if (numbers && shuffled)
        for (size_t i = total - 1; i > 0; i--) { size_t j = dice() % (i + 1); uint64_t t = numbers[i]; numbers[i] = numbers[j]; numbers[j] = t; }
    sample(path, "hits", 1);

    char name[4096];
    X509 *authority = NULL;
    EVP_PKEY *key = NULL;
    if (getenv("AUTHORITY")) {
        snprintf(name, sizeof name, "%s/certificate.pem", getenv("AUTHORITY"));
        FILE *f = fopen(name, "rb");
        CHECK(f && (authority = PEM_read_X509(f, NULL, NULL, NULL)) && fclose(f) == 0);
        snprintf(name, sizeof name, "%s/key.pem", getenv("AUTHORITY"));
        f = fopen(name, "rb");
        CHECK(f && (key = PEM_read_PrivateKey(f, NULL, NULL, NULL)) && fclose(f) == 0);
        rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
    } else {
        key = rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    }
    CHECK(key);
    snprintf(name, sizeof name, "%s.key.pem", path);
    FILE *pem = fopen(name, "wb");
    CHECK(pem && PEM_write_PUBKEY(pem, key) && fclose(pem) == 0);

    static const unsigned char rsa_id[] = {0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b, 5, 0};
    static const unsigned char ec_id[] = {0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2};
    const unsigned char *id = rsa ? rsa_id : ec_id;
    size_t id_length = rsa ? sizeof rsa_id : sizeof ec_id;
    unsigned char head[2048], tail[128], h1[16], h2[16], h3[16];
    size_t n = 0, end = 16;
    memcpy(head, "\x02\x01\x01", 3); n = 3;
    memcpy(head + n, id, id_length); n += id_length;
    if (authority) {
        unsigned char *issuer = NULL;
        int length = i2d_X509_NAME(X509_get_subject_name(authority), &issuer);
        CHECK(length > 0 && length < 1024);
        memcpy(head + n, issuer, length); n += length;
        for (int later = 0; later < 2; later++) {
            char date[32];
            time_t at = time(NULL) + (later ? 86400 : -60);
            struct tm t;
            gmtime_r(&at, &t);
            CHECK(strftime(date, sizeof date, "%y%m%d%H%M%SZ", &t) == 13);
            memcpy(head + n, "\x17\x0d", 2);
            memcpy(head + n + 2, date, 13); n += 15;
        }
        const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(authority);
        CHECK(id && ASN1_STRING_length(id) == 20);
        int number = getenv("NUMBER") ? atoi(getenv("NUMBER")) : 1;
        memcpy(tail, "\xa0\x30\x30\x2e\x30\x1f\x06\x03\x55\x1d\x23\x04\x18\x30\x16\x80\x14", 17);
        memcpy(tail + 17, ASN1_STRING_get0_data(id), 20);
        memcpy(tail + 37, "\x30\x0b\x06\x03\x55\x1d\x14\x04\x04\x02\x02", 11);
        tail[48] = number >> 8 & 0x7f, tail[49] = number;
        /* A number of one byte has no second. */
        CHECK(number >= 128 && number < 32768);
        end = 50;
    } else {
        memcpy(head + n, "\x30\x1f\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02JP\x31\x10\x30\x0e\x06\x03\x55\x04\x03\x0c\x07" "Bench 1", 33); n += 33;
        memcpy(head + n, "\x17\x0d" "261121000000Z" "\x17\x0d" "261122000000Z", 30); n += 30;
        memcpy(tail, "\xa0\x0e\x30\x0c\x30\x0a\x06\x03\x55\x1d\x14\x04\x03\x02\x01\x07", 16);
    }

    Sink counting = {0};
    entries(&counting, seed);
    size_t list = header(h1, 0x30, counting.count) + counting.count;
    size_t content = n + list + end, body = header(h2, 0x30, content) + content;

    FILE *f = fopen(path, "w+b");
    CHECK(f);
    setvbuf(f, NULL, _IOFBF, 1 << 20);
    EVP_MD_CTX *sign = EVP_MD_CTX_new();
    CHECK(sign && EVP_DigestSignInit(sign, NULL, EVP_sha256(), NULL, key) == 1);
    /* The length of an ECDSA signature is known only when it is made: room for the longest outer header is left, and moved over. */
    CHECK(fseek(f, 16, SEEK_SET) == 0);
    Sink out = {f, sign, 0};
    put(&out, h2, header(h2, 0x30, content));
    put(&out, head, n);
    put(&out, h1, header(h1, 0x30, counting.count));
    entries(&out, seed);
    put(&out, tail, end);
    CHECK(out.count == body);
    unsigned char signature[1024];
    size_t length = sizeof signature;
    CHECK(EVP_DigestSignFinal(sign, signature, &length) == 1);
    Sink rest = {f, NULL, 0};
    put(&rest, id, id_length);
    put(&rest, h3, header(h3, 3, length + 1));
    put(&rest, "", 1);
    put(&rest, signature, length);
    size_t whole = body + rest.count, front = header(h1, 0x30, whole);
    CHECK(fflush(f) == 0);
    unsigned char *map = mmap(NULL, 16 + whole, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(f), 0);
    CHECK(map != MAP_FAILED);
    memmove(map + front, map + 16, whole);
    memcpy(map, h1, front);
    CHECK(munmap(map, 16 + whole) == 0);
    CHECK(ftruncate(fileno(f), front + whole) == 0);
    CHECK(fclose(f) == 0);
    printf("made %s: %zu entries, %zu bytes, serials %s, %s, reasons %s\n", path, total, front + whole, argv[4], argv[5], argv[6]);
    return 0;
}

/* ---- OpenSSL ---- */

static long resident(const char *what) {
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    long kb = 0;
    while (f && fgets(line, sizeof line, f)) if (!strncmp(line, what, strlen(what))) kb = strtol(line + strlen(what) + 1, NULL, 10);
    if (f) fclose(f);
    return kb;
}

static int order(const void *a, const void *b) { uint32_t x = *(uint32_t *)a, y = *(uint32_t *)b; return x < y ? -1 : x > y; }

static unsigned char *load(const char *path, size_t *size) {
    FILE *f = fopen(path, "rb");
    CHECK(f);
    fseek(f, 0, SEEK_END);
    *size = ftell(f);
    rewind(f);
    unsigned char *p = malloc(*size);
    CHECK(p && fread(p, 1, *size, f) == *size);
    fclose(f);
    return p;
}

static void lookups(X509_CRL *crl, const char *path, const char *suffix, int expected) {
    char name[4096];
    snprintf(name, sizeof name, "%s.%s", path, suffix);
    size_t size, count = 0, wrong = 0;
    unsigned char *p = load(name, &size);
    uint32_t *times = malloc(1000000 * sizeof *times);
    for (size_t at = 0; at < size; at += 1 + p[at]) {
        /* What a caller has is an ASN1_INTEGER, so making it is not measured. */
        unsigned char der[80] = {2, p[at]};
        memcpy(der + 2, p + at + 1, p[at]);
        const unsigned char *q = der;
        ASN1_INTEGER *serial = d2i_ASN1_INTEGER(NULL, &q, 2 + p[at]);
        X509_REVOKED *found = NULL;
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        int answer = X509_CRL_get0_by_serial(crl, &found, serial);
        clock_gettime(CLOCK_MONOTONIC, &b);
        times[count++] = (b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec;
        wrong += (answer != 0) != expected;
        ASN1_INTEGER_free(serial);
    }
    uint32_t best = UINT32_MAX, best99 = 0;
    size_t round = count / 20 ? count / 20 : 1;
    uint32_t *part = malloc(round * sizeof *part);
    for (size_t i = 0; i + round <= count; i += round) {
        memcpy(part, times + i, round * sizeof *part);
        qsort(part, round, sizeof *part, order);
        if (part[round / 2] < best) { best = part[round / 2]; best99 = part[round * 99 / 100]; }
    }
    free(part);
    qsort(times, count, sizeof *times, order);
    printf("openssl %s: %zu, wrong %zu, median %u ns, p99 %u ns (quietest twentieth: median %u ns, p99 %u ns)\n", suffix, count, wrong,
           times[count / 2], times[count * 99 / 100], best, best99);
    free(times);
    free(p);
}

static int judge(const char *path) {
    char name[4096];
    snprintf(name, sizeof name, "%s.key.pem", path);
    FILE *pem = fopen(name, "rb");
    EVP_PKEY *key = pem ? PEM_read_PUBKEY(pem, NULL, NULL, NULL) : NULL;
    CHECK(key);
    size_t size;
    unsigned char *der = load(path, &size);
    const unsigned char *p = der;
    long before = resident("RssAnon:");
    double cpu0 = now(CLOCK_PROCESS_CPUTIME_ID), wall0 = now(CLOCK_MONOTONIC);
    X509_CRL *crl = d2i_X509_CRL(NULL, &p, size);
    CHECK(crl);
    double cpu1 = now(CLOCK_PROCESS_CPUTIME_ID);
    CHECK(X509_CRL_verify(crl, key) == 1);
    double cpu2 = now(CLOCK_PROCESS_CPUTIME_ID), wall2 = now(CLOCK_MONOTONIC);
    long after = resident("RssAnon:");
    size_t count = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl));
    printf("openssl load: %zu entries, CPU %.3f s (d2i %.3f, verify %.3f), wall %.3f s, memory %.1f bytes per entry beside the file's %.1f\n", count,
           cpu2 - cpu0, cpu1 - cpu0, cpu2 - cpu1, wall2 - wall0, (after - before) * 1024.0 / count, (double)size / count);
    /* The first look-up sorts the entries. */
    ASN1_INTEGER *one = ASN1_INTEGER_new();
    ASN1_INTEGER_set(one, 1);
    X509_REVOKED *found;
    cpu0 = now(CLOCK_PROCESS_CPUTIME_ID);
    X509_CRL_get0_by_serial(crl, &found, one);
    printf("openssl first look-up: CPU %.3f s (sorts)\n", now(CLOCK_PROCESS_CPUTIME_ID) - cpu0);
    lookups(crl, path, "hits", 1);
    lookups(crl, path, "misses", 0);
    return 0;
}

/* ---- the machine ---- */

static int memory(void) {
    size_t n = (64u << 20) / 64;
    uint32_t *next = malloc(n * sizeof *next), at = 0;
    char *m = malloc(64u << 20);
    CHECK(next && m);
    for (size_t i = 0; i < n; i++) next[i] = i;
    for (size_t i = n - 1; i > 0; i--) { size_t j = dice() % i; uint32_t t = next[i]; next[i] = next[j]; next[j] = t; }
    for (size_t i = 0; i < n; i++) memcpy(m + i * 64, next + i, 4);
    double start = now(CLOCK_MONOTONIC);
    for (int i = 0; i < 2000000; i++) at = *(volatile uint32_t *)(m + (size_t)at * 64);
    printf("machine: one memory access that waits for the one before, in 64 MB: %.0f ns\n", (now(CLOCK_MONOTONIC) - start) * 500);
    return 0;
}

int main(int argc, char **argv) {
    if (argc >= 2 && !strcmp(argv[1], "make")) return make(argc, argv);
    if (argc == 3 && !strcmp(argv[1], "openssl")) return judge(argv[2]);
    if (argc == 2 && !strcmp(argv[1], "memory")) return memory();
    fprintf(stderr, "crl make OUT COUNT SERIALS ORDER REASONS [rsa|ec] [SEED] | crl openssl OUT | crl memory\n");
    return 2;
}
