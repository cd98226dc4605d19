/* SPDX-License-Identifier: Apache-2.0 */
#include "content.h"

#include <stdbool.h>

#include "arithmetic.h"

enum { SLOTS = 256, FRACTION_BITS = 16 };

/*
 * A uniformly random byte selects a slot, and the slot contains the symbol. Slots shared evenly by 2^(8e) symbols give the
 * normalised entropy e; where that is no whole number, the first symbol takes slots from the last until it fits.
 */
static uint8_t symbol_of[SLOTS];
static bool every_byte, one_symbol;
static uint32_t change, content_seed;

/* w * log2(w) in fixed point, for w = 1..256. */
static uint32_t weighted_log(uint32_t w) {
    uint32_t whole = 31 - (uint32_t)__builtin_clz(w | 1), log = whole << FRACTION_BITS;
    uint64_t mantissa = ((uint64_t)w << 31) >> whole;
    for (uint32_t bit = 1u << (FRACTION_BITS - 1); bit; bit >>= 1) {
        mantissa = (mantissa * mantissa) >> 31;
        if (mantissa >> 32) {
            mantissa >>= 1;
            log |= bit;
        }
    }
    return w ? w * log : 0;
}

/* n symbols share the slots evenly, except those moved from the last symbol to the first. */
static uint32_t slots_of(uint32_t symbol, uint32_t n, uint32_t moved) {
    uint32_t even = SLOTS / n + (symbol < SLOTS % n);
    if (n == 1)
        return even;
    return symbol == 0 ? even + moved : symbol == n - 1 ? even - moved : even;
}

static uint32_t entropy_of(uint32_t n, uint32_t moved) {
    uint32_t sum = 0;
    for (uint32_t symbol = 0; symbol < n; symbol++)
        sum += weighted_log(slots_of(symbol, n, moved));
    return (8u << FRACTION_BITS) - sum / SLOTS;
}

static void choose_symbols(uint32_t entropy_permille) {
    uint32_t target = (8u << FRACTION_BITS) * entropy_permille / 1000, n = 1, moved = 0, slot = 0;
    while (n < SLOTS && entropy_of(n, 0) < target)
        n++;
    while (n > 1 && moved < slots_of(n - 1, n, 0) && entropy_of(n, moved) > target)
        moved++;
    for (uint32_t symbol = 0; symbol < n; symbol++)
        for (uint32_t slots = slots_of(symbol, n, moved); slots; slots--)
            symbol_of[slot++] = (uint8_t)(symbol + 1);  /* from 1, because QEMU treats zero pages specially */
    every_byte = n == SLOTS;
    one_symbol = n == 1;
}

void content_choose(uint32_t entropy_permille, uint32_t change_bytes, uint32_t seed) {
    choose_symbols(entropy_permille);
    change = change_bytes;
    content_seed = seed;
}

static uint32_t symbols_for(uint32_t random, uint32_t step) {
    if (every_byte)
        return random;
    uint32_t four = symbol_of[random & 255] | (uint32_t)symbol_of[random >> 8 & 255] << 8
        | (uint32_t)symbol_of[random >> 16 & 255] << 16 | (uint32_t)symbol_of[random >> 24] << 24;
    return four + step;
}

static void generate(uint8_t *to, uint32_t bytes, uint32_t state, uint32_t step) {
    uint32_t *words = (uint32_t *)to;
    for (uint32_t count = bytes / 4; count; count--)
        *words++ = symbols_for(state = xorshift(state), step);
    uint32_t last = symbols_for(xorshift(state), step);
    for (uint8_t *byte = (uint8_t *)words; byte < to + bytes; byte++, last >>= 8)
        *byte = (uint8_t)last;
}

static uint32_t page_state(uint32_t page_index) {
    return mix(content_seed, page_index);
}

void content_change(uint8_t *page, uint32_t page_index, uint32_t version) {
    uint32_t state = page_state(page_index);
    uint32_t offset = scale(state, PAGE_SIZE - change + 1) & ~3u;
    /* With one symbol only, a write would not change the page, so odd versions use the next one. */
    uint32_t step = one_symbol && version & 1 ? 0x01010101 : 0;
    generate(page + offset, change, mix(state, version), step);
}

void content_fill(uint8_t *page, uint32_t page_index, uint32_t version) {
    generate(page, PAGE_SIZE, page_state(page_index), 0);
    if (version)
        content_change(page, page_index, version);
}
