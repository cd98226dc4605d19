package io.github.godwit.lab;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.GuestWorkload;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
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

    LabMigration.Result migrate(Technique technique) throws InterruptedException {
        return migrate(technique, null, event -> {});
    }

    @Override
    public void close() {
        new LabVms(lab).stop(name);
    }
}
