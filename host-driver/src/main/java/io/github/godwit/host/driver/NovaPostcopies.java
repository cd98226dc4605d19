package io.github.godwit.host.driver;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.libvirt.LibvirtEngine;
import io.github.godwit.host.migrate.libvirt.UnfinishedMigrations;
import io.github.godwit.host.migrate.libvirt.UnfinishedRecoveries;
import io.github.godwit.host.nova.NovaMessage;
import io.github.godwit.host.nova.NovaRecovery;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The migrations that Nova has begun as the host driver advised, and their post-copies whose connection broke. */
final class NovaPostcopies implements NovaRecovery {

    private final UnfinishedRecoveries recoveries;
    private final UnfinishedMigrations unfinished;
    private volatile Predicate<String> counted = uuid -> true;
    private volatile Consumer<PostcopyRecovery> metrics = recovery -> {};

    NovaPostcopies(MigrationParts parts, DomainMigrations domains, DomainJobs jobs, Version libvirt, Path directory) {
        recoveries = new UnfinishedRecoveries(
                domains, parts.recovery(), LibvirtEngine.noResume(parts.peers(), libvirt), this::count);
        unfinished = new UnfinishedMigrations(directory, domains, jobs, InstantSource.system(), recoveries);
    }

    /**
     * Sets where breaks are counted.
     *
     * @param elsewhere whether that of a server is counted at the end of its migration, which this host driver follows
     */
    void countUnless(Predicate<String> elsewhere, Consumer<PostcopyRecovery> receiver) {
        counted = elsewhere.negate();
        metrics = receiver;
    }

    private void count(String uuid, PostcopyRecovery recovery) {
        if (counted.test(uuid)) {
            metrics.accept(recovery);
        }
    }

    @Override
    public void follow(String vm, NovaMessage.Order order, URI destination) throws IOException {
        unfinished.follow(vm, order.uri(), DomainMigrations.names(order.flags()), order.parameters(), destination);
    }

    @Override
    public Optional<PostcopyRecovery> of(String vm) {
        return recoveries.of(vm);
    }

    /** Recovers what is broken; to be called every few seconds. */
    void lookAfter() {
        unfinished.lookAfter();
    }
}
