/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARITHMETIC_H
#define ARITHMETIC_H

#include <stdint.h>

/* A number below limit, in proportion to a 32-bit one. */
static inline uint32_t scale(uint32_t number, uint32_t limit) {
    return (uint32_t)((uint64_t)number * limit >> 32);
}

/* Marsaglia's xorshift32; the state must not be 0. */
static inline uint32_t xorshift(uint32_t state) {
    state ^= state << 13;
    state ^= state >> 17;
    return state ^ state << 5;
}

/* A well spread, never zero, generator state for a pair of numbers. */
static inline uint32_t mix(uint32_t a, uint32_t b) {
    uint32_t hash = a * 0x9E3779B1u ^ (b + 0x7F4A7C15u) * 0x85EBCA6Bu;
    hash = (hash ^ hash >> 16) * 0x7FEB352Du;
    hash = (hash ^ hash >> 15) * 0x846CA68Bu;
    return (hash ^ hash >> 16) | 1;
}

#endif
