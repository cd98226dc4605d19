package io.github.godwit.lab.collect;

import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.run.TakenDownOnExit;
import io.github.godwit.lab.system.CommandRunner;
import io.github.godwit.model.unit.Bandwidth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Collects a dataset: brings up a lab of two hosts for each link rate of the design, and migrates the design's VMs back and
 * forth in it until the file has the requested number of rows.
 */
public final class Collector {

    private static final int HOSTS = 2;
    private static final double CORES = 1;

    /** After this many migrations in a row without an outcome the cause is an error, not chance. */
    private static final int MOST_FAILURES = 10;

    private final LabName name;
    private final CommandRunner commands;
    private final Duration patience;
    private final Consumer<String> progress;

    /**
     * @param name       the lab to bring up and take down
     * @param commands   runs {@code ip} and {@code tc}
     * @param patience   how long to wait at a time for an idle machine; after that, rows are measured all the same and marked as disturbed
     * @param progress   receives progress messages for people
     */
    public Collector(LabName name, CommandRunner commands, Duration patience, Consumer<String> progress) {
        this.name = name;
        this.commands = commands;
        this.patience = patience;
        this.progress = progress;
    }

    /**
     * Runs migrations and appends a row for each.
     *
     * @param plan       what to collect
     * @param migrations number of rows in the file at the end
     * @param limit      time after which no further migration starts
     * @param path       file to append to; rows in it are kept and not measured again
     * @return number of migrations without an outcome; each was reported as progress
     * @throws IllegalArgumentException when one of the techniques cannot be measured in the lab
     * @throws LabException when a guest's memory is damaged or too many migrations in a row fail
     */
    public int collect(CollectionPlan plan, int migrations, Duration limit, Path path) throws InterruptedException {
        try (RowFile file = new RowFile(path)) {
            return collect(plan, new Tally(migrations, limit, file), file);
        }
    }

    @SuppressWarnings("try") // the lab is taken down at the end of the block
    private int collect(CollectionPlan plan, Tally tally, RowFile file) throws InterruptedException {
        Collectable collectable = Collectable.of(plan, commands);
        CollectionDesign design = new CollectionDesign(plan.region(), plan.seed());
        int number = 0;
        while (!tally.enough()) {
            DesignedVm first = design.vm(number);
            try (TakenDownOnExit exit = new TakenDownOnExit(new LabDown(name, commands))) {
                Lab lab = null;
                for (int i = 0; i < CollectionDesign.VMS_PER_LINK && !tally.enough(); i++) {
                    DesignedVm vm = design.vm(number + i);
                    VmRows rows = new VmRows(plan, collectable, vm, file);
                    if (rows.complete()) {
                        continue;
                    }
                    lab = lab == null ? up(first.link(), plan) : lab;
                    new VmShuttle(lab, commands, vm, rows, tally, patience, progress).run();
                    progress.accept(tally.line(vm));
                }
            }
            number += CollectionDesign.VMS_PER_LINK;
        }
        return tally.failures;
    }

    private Lab up(Bandwidth link, CollectionPlan plan) throws InterruptedException {
        return new LabUp(name, commands, line -> {}).up(HOSTS, LinkShape.of(link), CORES, null, plan.vms());
    }

    /** The progress of the collection. */
    static final class Tally {
        private final int wanted;
        private final Duration limit;
        private final RowFile file;
        private final int before;
        private final long started = System.nanoTime();
        private int failures;
        private int failuresInARow;

        Tally(int wanted, Duration limit, RowFile file) {
            this.wanted = wanted;
            this.limit = limit;
            this.file = file;
            this.before = file.size();
        }

        boolean enough() {
            return file.size() >= wanted || System.nanoTime() - started > limit.toNanos();
        }

        void succeeded() {
            failuresInARow = 0;
        }

        void failed(String why) {
            failures++;
            if (++failuresInARow >= MOST_FAILURES) {
                throw new LabException(
                        "%d migrations in a row have no outcome. Read the logs of the host drivers. The last one: %s"
                                .formatted(MOST_FAILURES, why));
            }
        }

        String line(DesignedVm vm) {
            double minutes = (System.nanoTime() - started) / 60e9;
            int done = Math.max(1, file.size() - before);
            return "%d of %d migrations, about %.0f min left (%.1f s each); last %s, %s at %s"
                    .formatted(
                            file.size(),
                            wanted,
                            Math.max(0, minutes / done * (wanted - file.size())),
                            60 * minutes / done,
                            vm.name(),
                            vm.family(),
                            vm.link());
        }
    }
}
