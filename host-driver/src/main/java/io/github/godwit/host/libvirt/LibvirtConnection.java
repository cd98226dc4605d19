package io.github.godwit.host.libvirt;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.godwit.model.unit.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a libvirt daemon. Keep-alive messages end it when the daemon stands still for ten seconds; the next call
 * after an end connects again and listens to the events again. For any thread.
 */
public final class LibvirtConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtConnection.class);
    private static final int KEEP_ALIVE_SECONDS = 2;
    private static final int KEEP_ALIVE_COUNT = 5;
    private static final int UUID_BYTES = 37;

    private final String uri;
    private final LibvirtFunctions libvirt;
    private final DomainEvents events;
    private Pointer connection;
    private boolean closed;

    /** A call with a domain. */
    @FunctionalInterface
    interface DomainCall<T> {
        T on(Pointer domain) throws LibvirtException;
    }

    /**
     * Connects.
     *
     * @param uri    libvirt's URI, for example {@code qemu:///system}
     * @param events hears what happens to domains, on libvirt's own thread
     * @throws LibvirtException when libvirt is not installed or its daemon does not answer
     */
    public static LibvirtConnection open(String uri, DomainEvents events) throws LibvirtException {
        LibvirtFunctions libvirt;
        try {
            libvirt = EventLoop.library();
        } catch (UnsatisfiedLinkError e) {
            throw new LibvirtException("libvirt.so.0 is not on this host (%s). Install libvirt's client library."
                    .formatted(e.getMessage().lines().findFirst().orElse("")));
        }
        LibvirtConnection opened = new LibvirtConnection(uri, libvirt, events);
        opened.connected();
        return opened;
    }

    private LibvirtConnection(String uri, LibvirtFunctions libvirt, DomainEvents events) {
        this.uri = uri;
        this.libvirt = libvirt;
        this.events = events;
    }

    private synchronized Pointer connected() throws LibvirtException {
        if (closed) {
            throw new LibvirtException("The connection to %s is closed.".formatted(uri));
        }
        if (connection != null && libvirt.virConnectIsAlive(connection) != 1) {
            LOG.warn("The connection to {} has ended, connecting again", uri);
            libvirt.virConnectClose(connection);
            connection = null;
        }
        if (connection == null) {
            Pointer fresh = libvirt.virConnectOpen(uri);
            if (fresh == null) {
                throw failure("Cannot connect to " + uri);
            }
            try {
                if (libvirt.virConnectSetKeepAlive(fresh, KEEP_ALIVE_SECONDS, KEEP_ALIVE_COUNT) < 0) {
                    // A driver within this process has no daemon that could stand still.
                    LOG.info("{} is not kept alive: {}", uri, libvirt.virGetLastErrorMessage());
                }
                listen(fresh, LibvirtFunctions.EVENT_LIFECYCLE, events.lifecycle());
                listen(fresh, LibvirtFunctions.EVENT_MIGRATION_ITERATION, events.iteration());
                listen(fresh, LibvirtFunctions.EVENT_JOB_COMPLETED, events.jobCompleted());
            } catch (LibvirtException e) {
                libvirt.virConnectClose(fresh);
                throw e;
            }
            connection = fresh;
        }
        return connection;
    }

    private void listen(Pointer to, int event, Callback callback) throws LibvirtException {
        checked(
                libvirt.virConnectDomainEventRegisterAny(to, null, event, callback, null, null),
                "Cannot listen to the events of " + uri);
    }

    /** The version of libvirt's daemon. */
    public Version version() throws LibvirtException {
        LongByReference number = new LongByReference();
        checked(libvirt.virConnectGetLibVersion(connected(), number), "libvirt does not tell its version");
        long value = number.getValue();
        return new Version((int) (value / 1_000_000), (int) (value / 1_000 % 1_000), (int) (value % 1_000));
    }

    /** UUIDs of the domains that run, those among them that come to this host. */
    List<String> running() throws LibvirtException {
        PointerByReference array = new PointerByReference();
        int count = checked(
                libvirt.virConnectListAllDomains(connected(), array, LibvirtFunctions.LIST_ACTIVE),
                "libvirt does not list its domains");
        List<String> uuids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Pointer domain = array.getValue().getPointer((long) i * com.sun.jna.Native.POINTER_SIZE);
            uuids.add(uuid(libvirt, domain));
            libvirt.virDomainFree(domain);
        }
        EventLoop.free(array.getValue());
        return uuids;
    }

    static String uuid(LibvirtFunctions libvirt, Pointer domain) {
        byte[] text = new byte[UUID_BYTES];
        return libvirt.virDomainGetUUIDString(domain, text) < 0
                ? ""
                : new String(text, 0, UUID_BYTES - 1, StandardCharsets.US_ASCII);
    }

    /** The XML of a domain that runs. */
    String xml(String uuid) throws LibvirtException {
        return with(uuid, domain -> text(libvirt.virDomainGetXMLDesc(domain, 0), "libvirt does not describe " + uuid));
    }

    /** What a domain's running job has done so far, or nothing without one. */
    Optional<JobStats> job(String uuid) throws LibvirtException {
        return with(uuid, domain -> {
            IntByReference type = new IntByReference();
            PointerByReference parameters = new PointerByReference();
            IntByReference count = new IntByReference();
            checked(
                    libvirt.virDomainGetJobStats(domain, type, parameters, count, 0),
                    "libvirt does not tell of the job of " + uuid);
            if (parameters.getValue() == null) {
                return Optional.empty();
            }
            JobStats stats = new JobStats(TypedParameters.read(parameters.getValue(), count.getValue()));
            libvirt.virTypedParamsFree(parameters.getValue(), count.getValue());
            return type.getValue() == 0 ? Optional.empty() : Optional.of(stats);
        });
    }

    /** Ends a domain's job; for a migration before its switch to post-copy this means that it stays. */
    void abortJob(String uuid) throws LibvirtException {
        with(uuid, domain -> checked(libvirt.virDomainAbortJob(domain), "libvirt does not end the job of " + uuid));
    }

    /** What the QEMU of a domain answers to a QMP command; taints the domain. */
    String monitorCommand(String uuid, String command) throws LibvirtException {
        return with(uuid, domain -> {
            PointerByReference answer = new PointerByReference();
            checked(
                    LibvirtFunctions.Qemu.LIBRARY.virDomainQemuMonitorCommand(domain, command, answer, 0),
                    "libvirt does not pass a command on to QEMU");
            return text(answer.getValue(), "QEMU answered nothing");
        });
    }

    /** A call finds out that the daemon has gone; then it is made once more, over a new connection. */
    private <T> T with(String uuid, DomainCall<T> call) throws LibvirtException {
        Pointer used = connected();
        try {
            return once(uuid, call);
        } catch (LibvirtException e) {
            if (used.equals(connected())) {
                throw e;
            }
            return once(uuid, call);
        }
    }

    private <T> T once(String uuid, DomainCall<T> call) throws LibvirtException {
        Pointer domain = libvirt.virDomainLookupByUUIDString(connected(), uuid);
        if (domain == null) {
            throw failure("There is no domain " + uuid);
        }
        try {
            return call.on(domain);
        } finally {
            libvirt.virDomainFree(domain);
        }
    }

    private String text(Pointer answer, String otherwise) throws LibvirtException {
        if (answer == null) {
            throw failure(otherwise);
        }
        String text = answer.getString(0, StandardCharsets.UTF_8.name());
        EventLoop.free(answer);
        return text;
    }

    private int checked(int result, String otherwise) throws LibvirtException {
        if (result < 0) {
            throw failure(otherwise);
        }
        return result;
    }

    private LibvirtException failure(String what) {
        String words = libvirt.virGetLastErrorMessage();
        return new LibvirtException("%s: %s.".formatted(what, words == null ? "no reason given" : words));
    }

    /** Closes the connection; the domains go on. */
    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            libvirt.virConnectClose(connection);
            connection = null;
        }
    }
}
