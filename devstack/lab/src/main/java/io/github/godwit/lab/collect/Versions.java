package io.github.godwit.lab.collect;

import io.github.godwit.hostapi.HostStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The software and the CPU that a row was measured with.
 *
 * @param qemu   version of QEMU
 * @param libvirt version of libvirt; null without it
 * @param kernel version of the kernel
 * @param godwit version of the host driver
 * @param cpu    model of the CPU
 */
record Versions(String qemu, String libvirt, String kernel, String godwit, String cpu) {

    static Versions of(HostStatus host) {
        return new Versions(
                host.capabilities().qemu().toString(),
                Objects.toString(host.capabilities().libvirt(), null),
                System.getProperty("os.version"),
                host.agentVersion(),
                cpuModel());
    }

    Map<String, String> asMap() {
        Map<String, String> versions =
                new LinkedHashMap<>(Map.of("qemu", qemu, "kernel", kernel, "godwit", godwit, "cpu", cpu));
        if (libvirt != null) {
            versions.put("libvirt", libvirt);
        }
        return versions;
    }

    private static String cpuModel() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
