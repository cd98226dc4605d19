package io.github.godwit.lab;

import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** A VM of an integration test: started on the first host, and stopped at the end on whichever host it is. */
public final class LabVm implements AutoCloseable {

    private static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    private final Lab lab;
    private final String name;

    private LabVm(Lab lab, String name) {
        this.lab = lab;
        this.name = name;
    }

    /** Starts a VM that writes random pages of its working set. */
    static LabVm start(Lab lab, String name, String touched, String workingSet, String rate, boolean dirtyRing) {
        GuestWorkload workload = new GuestWorkload(
                MemorySize.parse(touched),
                MemorySize.parse(workingSet),
                MemorySize.parse(rate),
                Pattern.RANDOM,
                0.6,
                64,
                0.2);
        new LabVms(lab).start(lab.hosts().get(0), name, MemorySize.parse("512M"), workload, dirtyRing);
        return new LabVm(lab, name);
    }

    String name() {
        return name;
    }

    /** Migrates it to the other one of the first two hosts. */
    LabMigration.Result migrate(Technique technique, Bandwidth reservation, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        return migrate(technique, reservation, TIME_LIMIT, listener);
    }

    /** Migrates it as {@link #migrate(Technique)} does, with a time limit. */
    LabMigration.Result migrate(
            Technique technique, Bandwidth reservation, Duration limit, Consumer<MigrationEvent> listener)
            throws InterruptedException {
        return migrate(technique, null, reservation, limit, listener);
    }

    private LabMigration.Result migrate(
            Technique technique,
            String policy,
            Bandwidth reservation,
            Duration limit,
            Consumer<MigrationEvent> listener)
            throws InterruptedException {
        boolean onFirst = lab.hostOf(name).equals(lab.hosts().get(0));
        String destination = lab.hosts().get(onFirst ? 1 : 0).name();
        return new LabMigration(lab)
                .migrate(new LabMigration.Request(name, destination, technique, policy, reservation, limit), listener);
    }

    /** Migrates it as {@link #migrate(Technique)} does, watched by a shipped policy. */
    LabMigration.Result migrate(Technique technique, String policy) throws InterruptedException {
        return migrate(technique, policy, null, TIME_LIMIT, event -> {});
    }

    /** Migrates it as if a plan had chosen a technique under a shipped policy, and waits for the end. */
    MigrationStatus migratePlanned(Technique technique, String policy) throws InterruptedException {
        HostDriverClient source = lab.client(lab.hostOf(name));
        boolean onFirst = lab.hostOf(name).equals(lab.hosts().get(0));
        LabHost destination = lab.hosts().get(onFirst ? 1 : 0);
        Observation seen = new Observation(
                source.profile(name),
                source.host().profile(),
                lab.client(destination).host().profile());
        MigrationCase migrationCase = new MigrationCase(
                seen.vm(),
                seen.source(),
                seen.destination(),
                LinkProfile.between(seen.source(), seen.destination(), 0.1),
                MigrationTuning.DEFAULT);
        MigrationStatus started = source.migrate(MigrationRequest.of(name, destination.hostDriver())
                .technique(technique)
                .policy(policy)
                .observed(seen)
                .decision(new MigrationDecision(
                        technique,
                        new AnalyticPredictor().predict(migrationCase, technique),
                        "It was planned.",
                        List.of(),
                        Instant.now()))
                .timeLimit(TIME_LIMIT)
                .build());
        return source.follow(started.id(), TIME_LIMIT.multipliedBy(2), event -> {});
    }

    LabMigration.Result migrate(Technique technique) throws InterruptedException {
        return migrate(technique, null, event -> {});
    }

    @Override
    public void close() {
        new LabVms(lab).stop(name);
    }
}
