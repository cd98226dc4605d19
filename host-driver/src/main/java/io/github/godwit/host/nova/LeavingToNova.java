package io.github.godwit.host.nova;

import io.github.godwit.host.migrate.MigrationCancelledException;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.nova.PendingNovaMigration.Wishes;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.select.IntervalComparison;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * When a migration is left to Nova's own flags, because too little is known about its VM, or because the operator forbids the choice
 * meanwhile.
 *
 * @param parts  what migrations work with
 * @param wishes what is wanted of this one
 */
record LeavingToNova(MigrationParts parts, Wishes wishes) {

    /**
     * The profile of the VM. A planned migration, or one with a pinned technique, goes ahead even if nothing can be measured in time; any
     * other VM that cannot be profiled is left to Nova.
     *
     * @param note receives why nothing could be measured
     */
    VmProfile profile(OngoingMigration run, Consumer<String> note) throws IOException, InterruptedException {
        try {
            return parts.profiles().of(run.vm(), wishes.patience());
        } catch (IOException e) {
            if (wishes.usual().isPresent() && run.request().technique() == null) {
                throw e;
            }
            note.accept(e.getMessage());
            return VmProfile.unmeasured(run.vm().running().definition());
        }
    }

    /** For a VM that is only partly known, the choice must be better than Nova's own flags whatever the unknown part turns out to be. */
    void unlessBetter(OngoingMigration run, PreparedMigration plan) throws MigrationCancelledException {
        Optional<Technique> usual = wishes.usual();
        VmProfile vm = plan.migrationCase().vm();
        if (usual.isEmpty() || vm.missing().isEmpty() || run.request().technique() != null) {
            return;
        }
        Technique chosen = plan.decision().technique();
        IntervalComparison comparison = new IntervalComparison(
                run.request().policyFrom(parts.policies().get()).orElseThrow());
        if (chosen != usual.get()
                && !comparison.isBetter(
                        plan.decision().prediction(), parts.predictor().predict(plan.migrationCase(), usual.get()))) {
            throw new MigrationCancelledException(
                    "Nova's own flags: it is not certain that %s is better than %s.%s"
                            .formatted(chosen, usual.get(), vm.caveats()),
                    null);
        }
    }

    /** What was decided some time ago must still be permitted. */
    void ifForbidden(OngoingMigration run, PreparedMigration plan) throws MigrationCancelledException {
        Optional<String> obstacle = plan.obstacle(run.vm(), parts);
        if (obstacle.isPresent()) {
            throw new MigrationCancelledException(
                    "Nova's own flags: %s %s.".formatted(plan.decision().technique(), obstacle.get()));
        }
    }
}
