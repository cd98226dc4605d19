package io.github.godwit.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
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

    /**
     * QEMU's program of a Debian suite, by {@code devstack/qemu}: {@code devstack/check} has unpacked it before, otherwise this downloads it.
     */
    static String qemuOf(String suite) throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("godwit.root"), "devstack", "qemu");
        Process process = new ProcessBuilder(script.toString(), suite)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("devstack/qemu %s has failed.".formatted(suite));
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
