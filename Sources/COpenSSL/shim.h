#pragma once
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Deprecated with OpenSSL 3 without anything in its place: taking OAEP's padding off what a token has decrypted.
static inline int sekisho_unpad_oaep(
    unsigned char *plain, int capacity, const unsigned char *padded, int width, const unsigned char *label, int labelLength,
    const EVP_MD *digest, const EVP_MD *mask) {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
    return RSA_padding_check_PKCS1_OAEP_mgf1(plain, capacity, padded, width, width, label, labelLength, digest, mask);
#pragma clang diagnostic pop
}
