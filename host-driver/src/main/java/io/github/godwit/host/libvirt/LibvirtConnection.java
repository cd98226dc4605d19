package io.github.godwit.host.libvirt;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.godwit.host.libvirt.DomainDevices.FileDisk;
import io.github.godwit.model.unit.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a libvirt daemon. It ends if the daemon does not answer keep-alive messages for ten seconds; the next call then
 * connects again and registers for events again. Every call but QMP commands, whose caller has a deadline of its own, fails after a few
 * seconds ({@link LibvirtCalls}). Safe for use by several threads.
 */
public final class LibvirtConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtConnection.class);
    private static final int UUID_BYTES = 37;

    /** {@code virDomainBlockInfo}: capacity, allocation and physical size. */
    private static final int BLOCK_INFO_BYTES = 24;

    private static final int ALLOCATION = 8;
    private static final int PHYSICAL = 16;

    private final String uri;
    private final LibvirtFunctions libvirt;
    private final Supplier<LibvirtFunctions.Qemu> qemu;
    private final LibvirtCalls calls;
    private final LibvirtDaemon daemon;

    /**
     * Connects to a daemon.
     *
     * @param uri    libvirt's URI, for example {@code qemu:///system}
     * @param events receives the events of all domains, on libvirt's thread
     * @throws LibvirtException if libvirt is not installed or its daemon does not answer
     */
    public static LibvirtConnection open(String uri, DomainEvents events) throws LibvirtException {
        LibvirtFunctions libvirt;
        try {
            libvirt = EventLoop.library();
        } catch (UnsatisfiedLinkError e) {
            throw new LibvirtException("Cannot load libvirt.so.0 (%s). Install libvirt's client library."
                    .formatted(e.getMessage().lines().findFirst().orElse("")));
        }
        return open(uri, libvirt, () -> LibvirtFunctions.Qemu.LIBRARY, events, LibvirtCalls.DEADLINE);
    }

    /** Connects with these functions of libvirt; {@code qemu} is called at the first QMP command. */
    static LibvirtConnection open(
            String uri,
            LibvirtFunctions libvirt,
            Supplier<LibvirtFunctions.Qemu> qemu,
            DomainEvents events,
            Duration deadline)
            throws LibvirtException {
        LibvirtConnection opened = new LibvirtConnection(uri, libvirt, qemu, events, deadline);
        opened.calls.daemon(opened.daemon::connected);
        return opened;
    }

    private LibvirtConnection(
            String uri,
            LibvirtFunctions libvirt,
            Supplier<LibvirtFunctions.Qemu> qemu,
            DomainEvents events,
            Duration deadline) {
        this.uri = uri;
        this.libvirt = libvirt;
        this.qemu = qemu;
        this.calls = new LibvirtCalls(uri, deadline);
        this.daemon = new LibvirtDaemon(uri, libvirt, events);
    }

    /** How often a daemon was connected to; a new daemon may have another configuration. */
    int connections() {
        return daemon.connections();
    }

    /**
     * The version of the daemon's libvirt.
     *
     * @throws LibvirtException if the daemon does not answer
     */
    public Version version() throws LibvirtException {
        long value = calls.daemon(() -> {
            LongByReference number = new LongByReference();
            daemon.checked(
                    libvirt.virConnectGetLibVersion(daemon.connected(), number), "Cannot query libvirt's version");
            return number.getValue();
        });
        return new Version((int) (value / 1_000_000), (int) (value / 1_000 % 1_000), (int) (value % 1_000));
    }

    /**
     * The XML of the daemon's capabilities.
     *
     * @throws LibvirtException if the daemon does not answer
     */
    String capabilities() throws LibvirtException {
        // libvirt may have to ask each installed QEMU first, so that being late does not show that it hangs.
        return calls.domain(() -> daemon.text(
                libvirt.virConnectGetCapabilities(daemon.connected()), "Cannot read libvirt's capabilities"));
    }

    /** UUIDs of the active domains, including those that are being migrated to this host. */
    List<String> running() throws LibvirtException {
        return calls.daemon(this::listed);
    }

    private List<String> listed() throws LibvirtException {
        PointerByReference array = new PointerByReference();
        int count = daemon.checked(
                libvirt.virConnectListAllDomains(daemon.connected(), array, LibvirtFunctions.LIST_ACTIVE),
                "Cannot list libvirt's domains");
        List<Pointer> domains = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            domains.add(array.getValue().getPointer((long) i * Native.POINTER_SIZE));
        }
        Allocated.free(array.getValue());
        try {
            List<String> uuids = new ArrayList<>(count);
            for (Pointer domain : domains) {
                // Without this error a domain would seem to have ended.
                uuids.add(uuid(libvirt, domain).orElseThrow(() -> daemon.failure("Cannot read the UUID of a domain")));
            }
            return uuids;
        } finally {
            domains.forEach(libvirt::virDomainFree);
        }
    }

    /** The UUID of the domain of this name; empty if there is none. */
    Optional<String> uuidOf(String name) throws LibvirtException {
        return calls.daemon(() -> {
            Pointer domain = libvirt.virDomainLookupByName(daemon.connected(), name);
            if (domain == null) {
                return Optional.empty();
            }
            try {
                return uuid(libvirt, domain);
            } finally {
                libvirt.virDomainFree(domain);
            }
        });
    }

    /** A function of libvirt that is called with a domain; a negative result is an error. */
    @FunctionalInterface
    interface Function {
        int call(LibvirtFunctions functions, Pointer domain);
    }

    /** Calls a function that returns soon. */
    int call(String uuid, String message, Function function) throws LibvirtException {
        return calls.domain(() -> daemon.with(uuid, domain -> daemon.checked(function.call(libvirt, domain), message)));
    }

    /** Calls a function that may take as long as it likes, once: it is not repeated on another connection. */
    int callAndWait(String uuid, String message, Function function) throws LibvirtException {
        return daemon.once(uuid, domain -> daemon.checked(function.call(libvirt, domain), message));
    }

    /**
     * Passes the events of a domain's QEMU on to {@link DomainEvents#monitor}.
     *
     * @return stops that
     */
    Runnable monitorEvents(String uuid, LibvirtFunctions.MonitorFunction function) throws LibvirtException {
        return calls.domain(() -> daemon.with(uuid, domain -> {
            Pointer connection = daemon.connected();
            int id = daemon.checked(
                    qemu.get()
                            .virConnectDomainQemuMonitorEventRegister(
                                    connection, domain, null, function, null, null, 0),
                    "Cannot register for the events of the QEMU of domain " + uuid);
            return () -> stop(connection, id);
        }));
    }

    private void stop(Pointer registered, int id) {
        try {
            calls.daemon(() -> registered.equals(daemon.connected())
                    ? qemu.get().virConnectDomainQemuMonitorEventDeregister(registered, id)
                    : 0);
        } catch (LibvirtException e) {
            LOG.debug("libvirt still reports events of a QEMU", e);
        }
    }

    /** The UUID of a domain; empty if libvirt reports an error. */
    static Optional<String> uuid(LibvirtFunctions libvirt, Pointer domain) {
        byte[] text = new byte[UUID_BYTES];
        return libvirt.virDomainGetUUIDString(domain, text) < 0
                ? Optional.empty()
                : Optional.of(new String(text, 0, UUID_BYTES - 1, StandardCharsets.US_ASCII));
    }

    /** The XML of an active domain. libvirt does not answer as long as the domain arrives. */
    String xml(String uuid) throws LibvirtException {
        return calls.domain(() -> daemon.with(
                uuid,
                domain ->
                        daemon.text(libvirt.virDomainGetXMLDesc(domain, 0), "Cannot read the XML of domain " + uuid)));
    }

    /** The state of an active domain; needs no job on it, so that a domain that arrives can be asked. */
    DomainState state(String uuid) throws LibvirtException {
        return calls.daemon(() -> daemon.with(uuid, domain -> {
            IntByReference state = new IntByReference();
            IntByReference reason = new IntByReference();
            daemon.checked(
                    libvirt.virDomainGetState(domain, state, reason, 0), "Cannot read the state of domain " + uuid);
            return new DomainState(state.getValue(), reason.getValue());
        }));
    }

    /**
     * Bytes that a disk occupies on the host. For a qcow2 file libvirt gives as allocation the highest offset that this QEMU has written,
     * which is small after a restart; the file's length is what it occupies.
     *
     * @param disk its name in the guest
     */
    long occupied(String uuid, FileDisk disk) throws LibvirtException {
        return calls.domain(() -> daemon.with(uuid, domain -> {
            try (Memory info = new Memory(BLOCK_INFO_BYTES)) {
                info.clear();
                daemon.checked(
                        libvirt.virDomainGetBlockInfo(domain, disk.target(), info, 0),
                        "Cannot read the size of disk %s of domain %s".formatted(disk.target(), uuid));
                long allocation = Math.max(0, info.getLong(ALLOCATION));
                return disk.format().equals("qcow2") ? Math.max(allocation, info.getLong(PHYSICAL)) : allocation;
            }
        }));
    }

    /** Statistics of a domain's running job; empty if it has none. */
    Optional<JobStats> job(String uuid) throws LibvirtException {
        return calls.domain(() -> daemon.with(uuid, domain -> {
            IntByReference type = new IntByReference();
            PointerByReference parameters = new PointerByReference();
            IntByReference count = new IntByReference();
            daemon.checked(
                    libvirt.virDomainGetJobStats(domain, type, parameters, count, 0),
                    "Cannot read the job statistics of domain " + uuid);
            if (parameters.getValue() == null) {
                return Optional.empty();
            }
            JobStats stats = new JobStats(TypedParameters.read(parameters.getValue(), count.getValue()));
            libvirt.virTypedParamsFree(parameters.getValue(), count.getValue());
            return type.getValue() == 0 ? Optional.empty() : Optional.of(stats);
        }));
    }

    /** Aborts a domain's job; a migration can be aborted until it switches to post-copy, and the VM then stays on this host. */
    void abortJob(String uuid) throws LibvirtException {
        calls.domain(() -> daemon.with(
                uuid,
                domain -> daemon.checked(libvirt.virDomainAbortJob(domain), "Cannot abort the job of domain " + uuid)));
    }

    /** A domain's own limit of migrations, in MiB/s, which its next one has unless it is given another. */
    long speedLimit(String uuid) throws LibvirtException {
        return calls.domain(() -> daemon.with(uuid, domain -> {
            NativeLongByReference mebibytes = new NativeLongByReference();
            daemon.checked(
                    libvirt.virDomainMigrateGetMaxSpeed(domain, mebibytes, 0),
                    "Cannot read the migration limit of domain " + uuid);
            return mebibytes.getValue().longValue();
        }));
    }

    /**
     * Sets that limit, also that of a migration that runs.
     *
     * @param postcopy whether the limit is that of post-copy, which holds for a migration that runs only
     */
    void limitSpeed(String uuid, long mebibytes, boolean postcopy) throws LibvirtException {
        calls.domain(() -> daemon.with(
                uuid,
                domain -> daemon.checked(
                        libvirt.virDomainMigrateSetMaxSpeed(
                                domain, new NativeLong(mebibytes), postcopy ? LibvirtFunctions.MAX_SPEED_POSTCOPY : 0),
                        "Cannot set the migration limit of domain " + uuid)));
    }

    /** Sends a QMP command to a domain's QEMU and returns the response; libvirt marks the domain as tainted. */
    String monitorCommand(String uuid, String command) throws LibvirtException {
        return daemon.with(uuid, domain -> {
            PointerByReference answer = new PointerByReference();
            daemon.checked(
                    qemu.get().virDomainQemuMonitorCommand(domain, command, answer, 0),
                    "Cannot send a QMP command to domain " + uuid);
            if (answer.getValue() == null) {
                // The call succeeded, so libvirt's last error is about something else.
                throw new LibvirtException("libvirt returned no response of QEMU for domain %s.".formatted(uuid));
            }
            return Allocated.taken(answer.getValue());
        });
    }

    /** Closes the connection, unless libvirt hangs; the domains continue to run. */
    @Override
    public void close() {
        try {
            calls.daemon(() -> {
                daemon.disconnect();
                return null;
            });
        } catch (LibvirtException e) {
            LOG.warn("The connection to {} is left open: {}", uri, e.getMessage());
        }
    }
}
