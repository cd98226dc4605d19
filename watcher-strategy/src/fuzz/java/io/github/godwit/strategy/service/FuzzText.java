package io.github.godwit.strategy.service;

import java.util.List;
import java.util.Random;

/** Texts that parsers, databases and readers of JSON treat in special ways, of all planes of Unicode. */
final class FuzzText {

    private static final List<String> KNOWN = List.of(
            "",
            " ",
            "a",
            "A",
            "a ",
            " a",
            "a\u0000b",
            "\u0000",
            "\ud83d",
            "\ude00\ud83d",
            "a\ud800",
            "\ud83d\ude00",
            "\ufffe\uffff",
            "\ufeffbom",
            "e\u0301 \u00e9",
            "\u202eright to left",
            "\u0085\u2028\u2029",
            "\t\r\n",
            "\u001b[31mred",
            "' OR 1=1 --",
            "\"; DROP TABLE audits; --",
            "%s%n%d%x",
            "%00",
            "{0}${jndi:ldap://127.0.0.1/a}",
            "<script>alert(1)</script>",
            "../../etc/passwd",
            "null",
            "true",
            "NaN",
            "-0",
            "1e999",
            "9".repeat(40),
            "detail",
            "00000000-0000-0000-0000-000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "0 2 30 2 *",
            "*/5 * * * *",
            "@daily",
            "0 0 31 2 *",
            "* * * * * *",
            "1-59/0 * * * *",
            "2026-02-30 25:61:61",
            "+999999999-12-31T23:59:59",
            "9999-12-31T23:59:59Z",
            "PT9999999999999999H");

    /** Beginnings and ends of what may be in a text: ASCII, Latin, Cyrillic, Hebrew, Arabic, Indic, CJK, private use, planes 1, 2, 14 and 16. */
    private static final int[][] RANGES = {
        {0x20, 0x7e},
        {0xa0, 0x24f},
        {0x400, 0x4ff},
        {0x5d0, 0x5ea},
        {0x600, 0x6ff},
        {0x900, 0xdff},
        {0x4e00, 0x9fff},
        {0xe000, 0xf8ff},
        {0x1f300, 0x1faff},
        {0x10000, 0x1ffff},
        {0x20000, 0x2fa1f},
        {0xe0000, 0xe01ef},
        {0x100000, 0x10fffd},
        {0x0, 0x1f},
        {0xd800, 0xdfff}
    };

    private static final int[] LENGTHS = {1, 2, 8, 20, 36, 52, 62, 63, 64, 126, 255, 256, 300, 1000, 1001, 4001};

    private FuzzText() {}

    static String any(Random random) {
        if (random.nextInt(3) == 0) {
            return KNOWN.get(random.nextInt(KNOWN.size()));
        }
        int[] range = RANGES[random.nextInt(RANGES.length)];
        int length = random.nextInt(4) == 0 ? LENGTHS[random.nextInt(LENGTHS.length)] : 1 + random.nextInt(12);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.appendCodePoint(range[0] + random.nextInt(range[1] - range[0] + 1));
        }
        return text.toString();
    }

    /** A text as JSON, with or without escapes. */
    static String json(String text, Random random) {
        boolean ascii = random.nextBoolean();
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                json.append('\\').append(each);
            } else if (each < ' ' || (ascii && each > '~')) {
                json.append("\\u%04x".formatted((int) each));
            } else {
                json.append(each);
            }
        }
        return json.append('"').toString();
    }
}
