package io.github.godwit.lab;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Names of the tests' labs: the same in every run from one checkout, so that a run takes away what a killed one left, and others
 * for another checkout, so that two can be tested at once.
 */
public final class TestLabs {

    private TestLabs() {}

    /** The name for a purpose, which is a letter. */
    public static LabName named(char purpose) {
        CRC32 checkout = new CRC32();
        checkout.update(Path.of(System.getProperty("godwit.root"))
                .normalize()
                .toString()
                .getBytes(StandardCharsets.UTF_8));
        return new LabName("t" + HexFormat.of().toHexDigits((int) checkout.getValue()) + purpose);
    }
}
