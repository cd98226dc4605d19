package io.github.godwit.host.libvirt;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libvirt's connection to a daemon, which is made again after it has ended, with the events of all domains; and the forms of libvirt's
 * answers. Nothing here has a deadline. Safe for use by several threads.
 */
final class LibvirtDaemon {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtDaemon.class);
    private static final int KEEP_ALIVE_SECONDS = 2;
    private static final int KEEP_ALIVE_COUNT = 5;

    private final String uri;
    private final LibvirtFunctions libvirt;
    private final DomainEvents events;
    private Pointer connection;
    private int connections;
    private boolean closed;

    /** A call of libvirt with a domain. */
    @FunctionalInterface
    interface DomainCall<T> {
        T on(Pointer domain) throws LibvirtException;
    }

    /** Not connected yet. */
    LibvirtDaemon(String uri, LibvirtFunctions libvirt, DomainEvents events) {
        this.uri = uri;
        this.libvirt = libvirt;
        this.events = events;
    }

    /** How often a daemon was connected to. */
    synchronized int connections() {
        return connections;
    }

    /**
     * The connection, made anew if the last one has ended.
     *
     * @throws LibvirtException if the daemon does not answer, or the connection was closed
     */
    synchronized Pointer connected() throws LibvirtException {
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
            connections++;
            if (fresh == null) {
                throw failure("Cannot connect to " + uri);
            }
            try {
                if (libvirt.virConnectSetKeepAlive(fresh, KEEP_ALIVE_SECONDS, KEEP_ALIVE_COUNT) < 0) {
                    // libvirt's test driver runs within this process and has no daemon to keep alive.
                    LOG.info("{} has no keep-alive: {}", uri, libvirt.virGetLastErrorMessage());
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
                "Cannot register for the events of " + uri);
    }

    /** Repeats a call on a new connection if it failed because the daemon had ended. */
    <T> T with(String uuid, DomainCall<T> call) throws LibvirtException {
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

    /** Calls once. */
    <T> T once(String uuid, DomainCall<T> call) throws LibvirtException {
        Pointer domain = libvirt.virDomainLookupByUUIDString(connected(), uuid);
        if (domain == null) {
            throw failure("Cannot find domain " + uuid);
        }
        try {
            return call.on(domain);
        } finally {
            libvirt.virDomainFree(domain);
        }
    }

    /** A text that libvirt allocated; null is an error. */
    String text(Pointer answer, String message) throws LibvirtException {
        if (answer == null) {
            throw failure(message);
        }
        return Allocated.taken(answer);
    }

    /** A result; a negative one is an error. */
    int checked(int result, String message) throws LibvirtException {
        if (result < 0) {
            throw failure(message);
        }
        return result;
    }

    /** libvirt's last error on this thread. */
    LibvirtException failure(String message) {
        String reason = libvirt.virGetLastErrorMessage();
        return new LibvirtException("%s: %s.".formatted(message, reason == null ? "no reason given" : reason));
    }

    /** Closes the connection for good. */
    synchronized void disconnect() {
        closed = true;
        if (connection != null) {
            libvirt.virConnectClose(connection);
            connection = null;
        }
    }
}
