package io.github.godwit.lab;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.lab.driver.HostDriverLaunch;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.HostVms;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
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
     * Brings up two hosts, after taking down what a killed run left.
     *
     * @param qemu QEMU's programs, as {@code lab up --qemu} has them
     */
    static Lab upWithQemu(LabName name, String qemu) throws InterruptedException {
        SystemCommands commands = new SystemCommands();
        new LabDown(name, commands).down();
        return new LabUp(name, commands, System.out::println)
                .up(2, LinkShape.of(Bandwidth.parse("1gbit")), 1, null, HostVms.parse(Hypervisor.QEMU, List.of(qemu)));
    }

    /** The process of a host's driver. */
    static ProcessIdentity hostDriverOf(LabHost host) {
        return HostDriverLaunch.processes(host, new SystemCommands()).get(0);
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
