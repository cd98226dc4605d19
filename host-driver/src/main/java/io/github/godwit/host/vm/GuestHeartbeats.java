package io.github.godwit.host.vm;

import io.github.godwit.hostapi.Heartbeats;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The heartbeats of VMs that somebody else starts, on sockets of a known place. QEMU serves one client of a socket at a time, so that all who
 * listen to one VM share a connection, which is closed with the last of them.
 */
public final class GuestHeartbeats {

    /** No guest sends any. */
    public static final GuestHeartbeats NONE = new GuestHeartbeats(Optional.empty(), vm -> silent());

    private final Optional<Path> directory;
    private final HeartbeatSource.Factory factory;
    private final Map<String, Shared> open = new HashMap<>();

    /**
     * The heartbeats of VMs with directories of their own.
     *
     * @param directory has a directory for each VM, named as the VM; empty if no guest sends heartbeats
     * @param factory   opens the source of a VM
     */
    public GuestHeartbeats(Optional<Path> directory, HeartbeatSource.Factory factory) {
        this.directory = directory;
        this.factory = factory;
    }

    /** Whether guests may send any. */
    public boolean areSent() {
        return directory.isPresent();
    }

    /** The directory with the socket of a VM; of no use if there are none. */
    public Path of(String vm) {
        return directory.map(each -> each.resolve(vm)).orElse(Path.of("/"));
    }

    /** Listens to a VM, which may only be about to start. */
    public synchronized HeartbeatSource open(RunningVm vm) {
        if (directory.isEmpty()) {
            return silent();
        }
        String name = vm.definition().name();
        Shared shared = open.computeIfAbsent(name, key -> new Shared(factory.open(vm)));
        shared.users++;
        return new Listener(name, shared);
    }

    private synchronized void leave(String name, Shared shared) {
        shared.users--;
        if (shared.users == 0) {
            open.remove(name, shared);
            shared.source.close();
        }
    }

    private static HeartbeatSource silent() {
        return new HeartbeatSource() {
            @Override
            public Heartbeats since(Instant from) {
                return Heartbeats.NONE;
            }

            @Override
            public void close() {}
        };
    }

    private static final class Shared {
        private final HeartbeatSource source;
        private int users;

        Shared(HeartbeatSource source) {
            this.source = source;
        }
    }

    /** One who listens; closing it twice is as closing it once. */
    private final class Listener implements HeartbeatSource {
        private final String name;
        private final Shared shared;
        private boolean closed;

        Listener(String name, Shared shared) {
            this.name = name;
            this.shared = shared;
        }

        @Override
        public Heartbeats since(Instant from) {
            return shared.source.since(from);
        }

        @Override
        public void close() {
            synchronized (GuestHeartbeats.this) {
                if (!closed) {
                    closed = true;
                    leave(name, shared);
                }
            }
        }
    }
}
