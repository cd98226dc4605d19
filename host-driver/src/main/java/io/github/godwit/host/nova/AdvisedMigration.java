package io.github.godwit.host.nova;

import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.libvirt.QmpMigrationOverrides;
import io.github.godwit.host.nova.NovaSupervisionEvent.Place;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.permit.TechniqueRefusals;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.Technique;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A migration that nova-compute was advised on, with what its supervision finds out and puts back. */
class AdvisedMigration implements NovaSupervisor.Surroundings {

    private static final Logger LOG = LoggerFactory.getLogger(AdvisedMigration.class);

    private final MigrationParts parts;
    private final OngoingMigration run;
    private final Technique technique;
    private final Technique usual;
    private final QmpMigrationOverrides overrides;
    private final TechniqueRefusals refusals;
    private final HostMetrics metrics;
    private final BooleanSupplier withdrawn;
    private final Consumer<String> note;

    /**
     * A migration whose settings are in QEMU.
     *
     * @param question  nova-compute's question, with Nova's own flags
     * @param technique what it was advised
     * @param overrides what was set for that in QEMU
     * @param withdrawn whether Godwit is switched off
     * @param note      receives what an operator should know
     */
    AdvisedMigration(
            MigrationParts parts,
            OngoingMigration run,
            NovaMessage question,
            Technique technique,
            QmpMigrationOverrides overrides,
            TechniqueRefusals refusals,
            HostMetrics metrics,
            BooleanSupplier withdrawn,
            Consumer<String> note) {
        this.parts = parts;
        this.run = run;
        this.technique = technique;
        this.usual = LibvirtSettings.techniqueOf(question.flags());
        this.overrides = overrides;
        this.refusals = refusals;
        this.metrics = metrics;
        this.withdrawn = withdrawn;
        this.note = note;
    }

    @Override
    public boolean withdrawn() {
        return withdrawn.getAsBoolean();
    }

    @Override
    public Place place() {
        return place(parts, run);
    }

    /** Where the VM of a migration is, as this host or the destination's host driver knows. */
    static Place place(MigrationParts parts, OngoingMigration run) {
        if (run.vm().alive()) {
            return Place.HERE;
        }
        try {
            String state = parts.peers()
                    .apply(run.request().destination())
                    .vm(run.vm().name())
                    .state();
            return state.equals("running") ? Place.THERE : Place.UNKNOWN;
        } catch (HostDriverException e) {
            LOG.debug("The destination does not report VM {}", run.vm().name(), e);
            return Place.UNKNOWN;
        }
    }

    @Override
    public void takeBack(FromNova refusal) {
        String words = refusal.message().words();
        overrides.lift();
        metrics.refused(technique.id(), run.status().destination());
        if (run.cancelWanted()) {
            refusal.reply().complete(Optional.of(MigrationAdvice.withdraw("The migration was cancelled.")));
            return;
        }
        run.runsBy(usual);
        note.accept("libvirt did not migrate by %s: %s. Nova migrates with its own flags".formatted(technique, words));
        refusal.reply().complete(Optional.empty());
    }

    /** A migration that broke off after memory was sent shows nothing about its technique: the link or the destination may have failed. */
    @Override
    public void remember(NovaMessage refusal) {
        if (Boolean.TRUE.equals(refusal.sent())) {
            return;
        }
        String destination = run.status().destination();
        note.accept(refusals.remember(technique, destination, refusal.words())
                .map(kept -> "%s is not used from here to %s before %s".formatted(technique, destination, kept.until()))
                .orElse("%s is still used from here to %s, unless the connection is lost again"
                        .formatted(technique, destination)));
    }

    /** Takes note that the technique works on this way. */
    void succeeded() {
        refusals.succeeded(technique, run.status().destination());
    }

    /** Puts back what was set in QEMU. */
    void lift() {
        overrides.lift();
    }

    /** What Nova's own flags result in. */
    Technique usual() {
        return usual;
    }
}
