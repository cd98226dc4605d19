package io.github.godwit.lab;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Names of the labs of tests. They are the same in every run of a checkout, so a run removes what a killed run left, and they
 * differ between checkouts, so two checkouts can be tested at once.
 */
public final class TestLabs {

    private TestLabs() {}

    /** The name for a purpose, which is one letter. */
    public static LabName named(char purpose) {
        CRC32 checkout = new CRC32();
        checkout.update(Path.of(System.getProperty("godwit.root"))
                .normalize()
                .toString()
                .getBytes(StandardCharsets.UTF_8));
        return new LabName("t" + HexFormat.of().toHexDigits((int) checkout.getValue()) + purpose);
    }
}
