package io.github.godwit.lab.experiment;

import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.run.LabService;
import io.github.godwit.lab.run.ServiceAudit;
import io.github.godwit.lab.run.ServiceAudit.Promise;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A way to empty the first host of a lab. */
enum DrainMode {
    /** One VM after another by pre-copy, as Nova migrates by default. */
    SERIAL_PRE {
        @Override
        Drain prepare(Lab lab, List<String> vms, Consumer<String> progress) {
            return () -> {
                for (int i = 0; i < vms.size(); i++) {
                    await(lab, start(lab, vms.get(i), i));
                }
                return Optional.empty();
            };
        }
    },
    /** All VMs at once by pre-copy. */
    AT_ONCE {
        @Override
        Drain prepare(Lab lab, List<String> vms, Consumer<String> progress) {
            return () -> {
                List<MigrationStatus> started = new ArrayList<>();
                for (int i = 0; i < vms.size(); i++) {
                    started.add(start(lab, vms.get(i), i));
                }
                for (MigrationStatus migration : started) {
                    await(lab, migration);
                }
                return Optional.empty();
            };
        }
    },
    /** A maintenance audit of the service, with a deadline, which may move all at once. */
    GODWIT {
        @Override
        Drain prepare(Lab lab, List<String> vms, Consumer<String> progress) throws InterruptedException {
            ServiceAudit audit = new ServiceAudit(
                    LabService.start(lab).url(),
                    SloPolicies.shipped().get(POLICY),
                    (vm, host) -> Optional.empty(),
                    progress);
            Map<String, Object> parameters = Map.of(
                    "maintenance_node",
                    lab.hosts().get(0).name(),
                    "policy",
                    POLICY,
                    "parallel",
                    vms.size(),
                    "deadline",
                    LIMIT.toString());
            // The service of a cloud has made plans before, so that its code is compiled.
            audit.plan("cluster_maintaining", "maintenance", parameters);
            return () -> {
                audit.run("cluster_maintaining", "maintenance", parameters);
                return audit.promise();
            };
        }
    };

    /** Empties the host; returns when all migrations have ended. */
    @FunctionalInterface
    interface Drain {
        /**
         * Migrates all VMs away.
         *
         * @return what was predicted, if anything was
         * @throws LabException when a migration fails
         */
        Optional<Promise> run() throws InterruptedException;
    }

    private static final String POLICY = "ensure_performance";
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * Prepares what is there before an operator decides to empty the host.
     *
     * @param vms all VMs of the first host
     */
    abstract Drain prepare(Lab lab, List<String> vms, Consumer<String> progress) throws InterruptedException;

    /** Its name in the results, for example {@code serial_pre}. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The other hosts take turns. Nova profiles no VM before it migrates it, so profiles that are known count as observed. */
    private static MigrationStatus start(Lab lab, String vm, int number) {
        LabHost destination = lab.hosts().get(1 + number % (lab.hosts().size() - 1));
        HostDriverClient source = lab.client(lab.hosts().get(0));
        return source.migrate(MigrationRequest.of(vm, destination.hostDriver())
                .technique(Technique.PRE_COPY)
                .observed(new Observation(
                        source.profile(vm, LIMIT),
                        source.host().profile(),
                        lab.client(destination).host().profile()))
                .timeLimit(LIMIT)
                .build());
    }

    private static void await(Lab lab, MigrationStatus migration) throws InterruptedException {
        HostDriverClient driver = lab.client(lab.hosts().get(0));
        MigrationStatus ended = driver.follow(migration.id(), LIMIT, event -> {});
        if (ended.phase() != Phase.COMPLETED) {
            throw new LabException(
                    "The migration of VM '%s' is %s: %s".formatted(ended.vm(), ended.phase(), ended.error()));
        }
    }
}
