package io.github.godwit.host.libvirt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.godwit.host.net.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A libvirt daemon of the test's own, with QEMU, without privileges and beside that of the machine. Closing this ends its domain and the
 * daemon.
 */
final class OwnLibvirt implements AutoCloseable {

    /** UUID of the domain. */
    static final String DOMAIN = "11111111-2222-4333-8444-555555555555";

    private static final Path DAEMON = Path.of("/usr/sbin/libvirtd");
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");
    private static final Duration START = Duration.ofSeconds(30);
    private static final String NOBODY = "65534";
    private static final int PAUSED = 1;

    private static final String XML = """
            <domain type='qemu'>
              <name>limited</name>
              <uuid>%s</uuid>
              <memory unit='MiB'>32</memory>
              <vcpu>1</vcpu>
              <os><type arch='x86_64' machine='q35'>hvm</type></os>
              <devices><emulator>%s</emulator></devices>
            </domain>
            """.formatted(DOMAIN, QEMU);

    /** What only tests call. */
    private interface Functions extends Library {
        Pointer virDomainCreateXML(Pointer connection, String xml, int flags);

        int virDomainDestroy(Pointer domain);
    }

    private final Functions functions;
    private final LibvirtFunctions libvirt;
    private final Path home;
    private final Process daemon;

    /** Starts the daemon, if this machine has one. */
    OwnLibvirt() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(DAEMON) && Files.isExecutable(QEMU), "there is no libvirtd with QEMU here");
        functions = Native.load("libvirt.so.0", Functions.class);
        libvirt = EventLoop.library();
        home = Files.createTempDirectory("gwt-libvirt");
        Files.createDirectories(home.resolve("run"));
        Path configuration = Files.createDirectories(home.resolve("config/libvirt"));
        // There is no virtlogd.
        Files.writeString(configuration.resolve("qemu.conf"), "stdio_handler = \"file\"\n");
        Files.createFile(home.resolve("libvirtd.conf"));
        daemon = start();
        connect().close();
    }

    private Process start() throws IOException {
        List<String> words = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            new Command(List.of(), START).run(List.of("chown", "-R", NOBODY + ":" + NOBODY, home.toString()), "");
            words.addAll(List.of(
                    "setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--pdeathsig", "KILL"));
        }
        words.addAll(
                List.of(DAEMON.toString(), "-f", home.resolve("libvirtd.conf").toString()));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("XDG_RUNTIME_DIR", home.resolve("run").toString());
        builder.environment().put("XDG_CONFIG_HOME", home.resolve("config").toString());
        builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
        return builder.start();
    }

    /** Another connection to the daemon, once that answers. */
    LibvirtConnection connect() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                return LibvirtConnection.open(uri(), new DomainEvents());
            } catch (LibvirtException e) {
                if (System.nanoTime() > deadline || !daemon.isAlive()) {
                    throw new IOException(Files.readString(home.resolve("log")), e);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private String uri() {
        return "qemu+unix:///session?socket=" + home.resolve("run/libvirt/libvirt-sock");
    }

    /** Starts the domain, whose QEMU waits. */
    void startDomain() throws IOException {
        Pointer own = libvirt.virConnectOpen(uri());
        Pointer domain = functions.virDomainCreateXML(own, XML, PAUSED);
        String error = domain == null ? libvirt.virGetLastErrorMessage() : "";
        if (domain != null) {
            libvirt.virDomainFree(domain);
        }
        libvirt.virConnectClose(own);
        if (domain == null) {
            throw new IOException("libvirt does not start the domain: " + error);
        }
    }

    /** Ends the domain, if it runs. */
    void endDomain() {
        Pointer own = libvirt.virConnectOpen(uri());
        Pointer domain = own == null ? null : libvirt.virDomainLookupByUUIDString(own, DOMAIN);
        if (domain != null) {
            functions.virDomainDestroy(domain);
            libvirt.virDomainFree(domain);
        }
        if (own != null) {
            libvirt.virConnectClose(own);
        }
    }

    @Override
    public void close() throws IOException {
        endDomain();
        daemon.destroy();
        daemon.onExit()
                .completeOnTimeout(daemon, START.toSeconds(), TimeUnit.SECONDS)
                .join();
        daemon.destroyForcibly();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
