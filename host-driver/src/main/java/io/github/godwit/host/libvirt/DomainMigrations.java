package io.github.godwit.host.libvirt;

import com.sun.jna.ptr.LongByReference;
import io.github.godwit.host.qmp.QmpEvent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Has libvirt migrate domains of this host to other hosts, from daemon to daemon ({@code VIR_MIGRATE_PEER2PEER}). */
public final class DomainMigrations {

    /** {@code virDomainMigrateFlags}. */
    private static final Map<String, Integer> FLAGS = Map.ofEntries(
            Map.entry("VIR_MIGRATE_LIVE", 1),
            Map.entry("VIR_MIGRATE_PEER2PEER", 1 << 1),
            Map.entry("VIR_MIGRATE_TUNNELLED", 1 << 2),
            Map.entry("VIR_MIGRATE_PERSIST_DEST", 1 << 3),
            Map.entry("VIR_MIGRATE_UNDEFINE_SOURCE", 1 << 4),
            Map.entry("VIR_MIGRATE_NON_SHARED_DISK", 1 << 6),
            Map.entry("VIR_MIGRATE_NON_SHARED_INC", 1 << 7),
            Map.entry("VIR_MIGRATE_COMPRESSED", 1 << 11),
            Map.entry("VIR_MIGRATE_AUTO_CONVERGE", 1 << 13),
            Map.entry("VIR_MIGRATE_POSTCOPY", 1 << 15),
            Map.entry("VIR_MIGRATE_TLS", 1 << 16),
            Map.entry("VIR_MIGRATE_PARALLEL", 1 << 17),
            Map.entry("VIR_MIGRATE_POSTCOPY_RESUME", 1 << 19),
            Map.entry("VIR_MIGRATE_ZEROCOPY", 1 << 20));

    private final LibvirtConnection libvirt;
    private final DomainEvents events;

    /**
     * The migrations of one daemon's domains.
     *
     * @param events the events of that connection
     */
    public DomainMigrations(LibvirtConnection libvirt, DomainEvents events) {
        this.libvirt = libvirt;
        this.events = events;
    }

    /**
     * Migrates a domain ({@code virDomainMigrateToURI3}); returns when it has arrived. libvirt continues if this program ends.
     *
     * @param destination URI of the destination's libvirt, as this host's daemon connects to it
     * @param flags       names of {@code virDomainMigrateFlags}
     * @param parameters  by the names of {@code VIR_MIGRATE_PARAM_*}; numbers, strings, or lists of strings
     * @throws LibvirtException         if the migration failed or was aborted, or the connection ended, after which libvirt may continue
     * @throws IllegalArgumentException if a flag is unknown
     */
    public void migrate(String uuid, String destination, Collection<String> flags, Map<String, Object> parameters)
            throws LibvirtException {
        int bits = bits(flags);
        TypedParameters.Written written = TypedParameters.write(parameters);
        libvirt.callAndWait(
                uuid,
                "libvirt did not migrate domain " + uuid,
                (functions, domain) ->
                        functions.virDomainMigrateToURI3(domain, destination, written.array(), written.count(), bits));
    }

    static int bits(Collection<String> flags) {
        int bits = 0;
        for (String flag : flags) {
            Integer bit = FLAGS.get(flag);
            if (bit == null) {
                throw new IllegalArgumentException("There is no flag %s in virDomainMigrateFlags.".formatted(flag));
            }
            bits |= bit;
        }
        return bits;
    }

    /**
     * The names of flags.
     *
     * @throws IllegalArgumentException if one is unknown
     */
    public static Set<String> names(long bits) {
        Set<String> names = new TreeSet<>();
        long left = bits;
        for (Map.Entry<String, Integer> flag : FLAGS.entrySet()) {
            if ((bits & flag.getValue()) != 0) {
                names.add(flag.getKey());
                left &= ~flag.getValue();
            }
        }
        if (left != 0) {
            throw new IllegalArgumentException("The flags %#x of virDomainMigrateFlags are not known.".formatted(left));
        }
        return names;
    }

    /** Switches a migration to post-copy that was begun with {@code VIR_MIGRATE_POSTCOPY}. */
    public void startPostcopy(String uuid) throws LibvirtException {
        libvirt.call(
                uuid,
                "Cannot switch the migration of domain %s to post-copy".formatted(uuid),
                (functions, domain) -> functions.virDomainMigrateStartPostCopy(domain, 0));
    }

    /** The downtime limit of a domain's migrations, in ms. */
    public long downtimeLimit(String uuid) throws LibvirtException {
        LongByReference millis = new LongByReference();
        libvirt.call(
                uuid,
                "Cannot read the downtime limit of domain " + uuid,
                (functions, domain) -> functions.virDomainMigrateGetMaxDowntime(domain, millis, 0));
        return millis.getValue();
    }

    /** Sets that limit, also that of a migration that runs. It holds until the QEMU of the domain ends. */
    public void limitDowntime(String uuid, long millis) throws LibvirtException {
        libvirt.call(
                uuid,
                "Cannot set the downtime limit of domain " + uuid,
                (functions, domain) -> functions.virDomainMigrateSetMaxDowntime(domain, millis, 0));
    }

    /** Whether a domain is defined, so that it can be started again after it has ended. */
    public boolean isPersistent(String uuid) throws LibvirtException {
        return libvirt.call(
                        uuid,
                        "Cannot read whether domain %s is persistent".formatted(uuid),
                        LibvirtFunctions::virDomainIsPersistent)
                == 1;
    }

    /** Whether a domain runs on this host, or arrives here. */
    public boolean isHere(String uuid) throws LibvirtException {
        return libvirt.running().contains(uuid);
    }

    /** Whether a domain leaves this host by a post-copy whose connection broke: then libvirt keeps its job until that is resumed. */
    public boolean leavesByBrokenPostcopy(String uuid) throws LibvirtException {
        return libvirt.state(uuid).leavesByBrokenPostcopy();
    }

    /**
     * Sets the listener for the events of a domain's QEMU, as QEMU sends them to libvirt. It is called on libvirt's thread and must not block.
     *
     * @return removes the listener
     */
    public Runnable listen(String uuid, Consumer<QmpEvent> listener) throws LibvirtException {
        events.listenToMonitor(uuid, listener);
        Runnable stop = libvirt.monitorEvents(uuid, events.monitor());
        return () -> {
            events.unlistenToMonitor(uuid);
            stop.run();
        };
    }
}
