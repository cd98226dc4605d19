package io.github.godwit.lab.run;

import io.github.godwit.lab.LabException;
import io.github.godwit.lab.agent.Lab;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.model.Technique;
import io.github.godwit.model.api.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Migrates VMs of many workloads back and forth, one at a time on a quiet machine, and hands on what each cost. */
public final class Measurement {

    private static final Duration QUIET = Duration.ofSeconds(60);

    /** A profile's baseline looks two seconds back, and checking its memory stops the guest's work: let that pass. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final Lab lab;
    private final LabVms vms;
    private final LabMigration migration;
    private final Consumer<String> progress;

    /**
     * @param lab      the lab, without VMs
     * @param progress told what happens, for people
     */
    public Measurement(Lab lab, Consumer<String> progress) {
        this.lab = lab;
        this.vms = new LabVms(lab);
        this.migration = new LabMigration(lab);
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param cases      the workloads
     * @param techniques each is run once for each workload
     * @param timeLimit  a migration that takes longer counts as not converging
     * @param outcomes   gets every outcome as soon as there is one
     * @return number of migrations that gave none; each was told
     * @throws LabException when a guest's memory was damaged
     */
    public int run(
            List<WorkloadSpace.Case> cases, List<Technique> techniques, Duration timeLimit, Consumer<Outcome> outcomes)
            throws InterruptedException {
        long started = System.nanoTime();
        int failed = 0;
        for (int i = 0; i < cases.size(); i++) {
            WorkloadSpace.Case now = cases.get(i);
            boolean ring = techniques.contains(Technique.DIRTY_LIMIT);
            if (!QuietMachine.await(QUIET)) {
                progress.accept("Something else uses the CPU: what follows is disturbed");
            }
            vms.start(lab.hosts().get(0), now.name(), now.memory(), now.workload(), LabVms.bestAccelerator(), ring);
            for (Technique technique : techniques) {
                TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
                failed += measure(now, technique, timeLimit, outcomes) ? 0 : 1;
            }
            vms.stop(now.name());
            double minutes = (System.nanoTime() - started) / 60e9;
            progress.accept("%d of %d workloads, about %.0f min left"
                    .formatted(i + 1, cases.size(), minutes / (i + 1) * (cases.size() - i - 1)));
        }
        return failed;
    }

    private boolean measure(WorkloadSpace.Case now, Technique technique, Duration timeLimit, Consumer<Outcome> outcomes)
            throws InterruptedException {
        boolean onFirst = lab.hostOf(now.name()).equals(lab.hosts().get(0));
        String destination = lab.hosts().get(onFirst ? 1 : 0).name();
        LabMigration.Result result = migration.migrate(
                new LabMigration.Wish(now.name(), destination, technique, null, null, timeLimit), event -> {});
        if (!result.guestVerified()) {
            throw new LabException(
                    "The memory of %s was damaged by %s: %s".formatted(now.name(), technique, result.guest()));
        }
        Outcome outcome = result.status().outcome();
        if (outcome == null) {
            progress.accept("%s by %s gave no outcome: %s"
                    .formatted(now.name(), technique, result.status().error()));
            return false;
        }
        outcomes.accept(outcome);
        return true;
    }
}
