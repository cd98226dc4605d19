package io.github.godwit.host.nova;

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

    /**
     * Why Nova's own flags are used, as a sentence, or nothing: for a VM that is only partly known, the choice must be better than they are
     * whatever the unknown part turns out to be.
     */
    Optional<String> unlessBetter(OngoingMigration run, PreparedMigration plan) {
        Optional<Technique> usual = wishes.usual();
        VmProfile vm = plan.migrationCase().vm();
        if (usual.isEmpty() || vm.missing().isEmpty() || run.request().technique() != null) {
            return Optional.empty();
        }
        Technique chosen = plan.decision().technique();
        IntervalComparison comparison = new IntervalComparison(
                run.request().policyFrom(parts.policies().get()).orElseThrow());
        return chosen == usual.get()
                        || comparison.isBetter(
                                plan.decision().prediction(),
                                parts.predictor().predict(plan.migrationCase(), usual.get()))
                ? Optional.empty()
                : Optional.of("Nova's own flags: it is not certain that %s is better than %s.%s"
                        .formatted(chosen, usual.get(), vm.caveats()));
    }

    /** Why Nova's own flags are used, as a sentence, or nothing: what was decided some time ago must still be permitted. */
    Optional<String> ifForbidden(OngoingMigration run, PreparedMigration plan) {
        return plan.obstacle(run.vm(), parts)
                .map(obstacle ->
                        "Nova's own flags: %s %s.".formatted(plan.decision().technique(), obstacle));
    }
}
