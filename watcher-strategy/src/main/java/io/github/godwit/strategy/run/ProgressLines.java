package io.github.godwit.strategy.run;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.decide.Solution;
import io.github.godwit.strategy.plan.PlannedMigration;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.time.Duration;
import java.util.function.Consumer;

/** Prints the progress of a run in lines: each step, and for a migration each phase and its figures every two seconds. */
public final class ProgressLines implements RunListener {

    private static final Duration PACE = Duration.ofSeconds(2);

    private final Consumer<String> out;
    private Phase lastPhase;
    private long lastNanos;

    /** Prints to {@code out}, which receives lines without newlines. */
    public ProgressLines(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public void sampled(int number, int of, ClusterModel snapshot) {
        out.accept("sample %d of %d: %d hosts, %d VMs%s"
                .formatted(
                        number,
                        of,
                        snapshot.hosts().size(),
                        snapshot.vms().size(),
                        snapshot.omissions().isEmpty()
                                ? ""
                                : ", %d left out".formatted(snapshot.omissions().size())));
    }

    @Override
    public void solved(Solution solution) {
        out.accept(solution.verdict());
    }

    @Override
    public void planning(Move move) {
        out.accept("profiling %s on %s".formatted(move.vm(), move.from()));
    }

    @Override
    public void planned(PlannedMigration migration) {
        Move move = migration.move();
        out.accept("planned: %s from %s to %s by %s"
                .formatted(move.vm(), move.from(), move.to(), migration.choice().technique()));
    }

    @Override
    public void starting(PlannedMigration migration, int number, int of) {
        Move move = migration.move();
        lastPhase = null;
        out.accept("migration %d of %d: %s from %s to %s by %s"
                .formatted(
                        number,
                        of,
                        move.vm(),
                        move.from(),
                        move.to(),
                        migration.choice().technique()));
    }

    @Override
    public void event(PlannedMigration migration, MigrationEvent event) {
        boolean paced = System.nanoTime() - lastNanos >= PACE.toNanos();
        if (event.phase() == lastPhase && !paced) {
            return;
        }
        lastPhase = event.phase();
        lastNanos = System.nanoTime();
        Progress progress = event.status() == null ? null : event.status().progress();
        String figures = progress == null
                ? ""
                : ", %.1f s, %.0f MB sent, %.0f MB left"
                        .formatted(
                                progress.elapsedMillis() / 1e3,
                                progress.transferredBytes() / 1e6,
                                progress.remainingBytes() / 1e6);
        out.accept("  %s: %s%s".formatted(migration.move().vm(), event.phase(), figures));
    }

    @Override
    public void ended(Entry migration) {
        if (!migration.succeeded()) {
            out.accept("  %s: %s: %s".formatted(migration.vm(), migration.end().orElseThrow(), migration.error()));
        }
    }
}
