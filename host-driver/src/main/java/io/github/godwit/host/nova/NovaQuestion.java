package io.github.godwit.host.nova;

import io.github.godwit.host.migrate.rate.ReservationWish;
import io.github.godwit.model.reserve.ModelledReservation;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.ServerConstraint;
import io.github.godwit.model.technique.TechniqueConstraint;
import io.github.godwit.model.traffic.SlaWishes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * nova-compute's question how to migrate a server: what its server and its flavor want, and why it may have to be left to Nova.
 *
 * @param message    the question
 * @param constraint what {@code godwit:technique} allows
 * @param sla        what {@code godwit:urgency} and the SLA bounds want
 * @param warnings   what is wrong with these, in sentences
 */
record NovaQuestion(NovaMessage message, TechniqueConstraint constraint, SlaWishes sla, List<String> warnings) {

    private static final Logger LOG = LoggerFactory.getLogger(NovaQuestion.class);

    /** {@code VIR_MIGRATE_TUNNELLED}: the data goes through both libvirt daemons, where no technique is possible. */
    private static final long TUNNELLED = 4;

    /** Reads a question. */
    static NovaQuestion of(NovaMessage message) {
        ServerConstraint server = ServerConstraint.of(message.flavorTechnique(), message.technique());
        SlaWishes sla = SlaWishes.of(message.extraSpecs(), message.metadata());
        List<String> warnings = new ArrayList<>(server.warnings());
        warnings.addAll(sla.warnings());
        return new NovaQuestion(message, server.constraint(), sla, List.copyOf(warnings));
    }

    /**
     * What is reserved for an unplanned migration of this server: by the host's terms, with the urgency that flavor and owner want, and
     * with the bounds of the VMs that stay here. What the destination's VMs keep is not known here.
     */
    ReservationWish reservation(UnplannedTerms host, StayingVms stay) {
        ReservationTerms usual = host.terms();
        List<String> notes = new ArrayList<>();
        ReservationTerms terms = stay.keptBy(usual).withUrgency(sla.urgency(usual.urgency(), notes));
        notes.forEach(note -> LOG.warn("VM {}: {}", message.vm(), note));
        return new ReservationWish(new ModelledReservation(terms, host.model()), terms);
    }

    /** Why the migration is left to Nova whatever is known about the VM, as a sentence, or nothing. */
    Optional<String> obstacle() {
        if (constraint.nova()) {
            return Optional.of("%s of the server or of its flavor leaves the migration to Nova."
                    .formatted(TechniqueConstraint.KEY));
        }
        if (constraint.pinned() != null && !constraint.allows(constraint.pinned())) {
            return Optional.of("%s of the server excludes %s, the only technique that its flavor allows."
                    .formatted(TechniqueConstraint.KEY, constraint.pinned()));
        }
        if (message.destination() == null || message.destination().isBlank()) {
            return Optional.of("Nova does not name the destination.");
        }
        return (message.flags() & TUNNELLED) != 0
                ? Optional.of("Nova tunnels migrations through libvirt, where no technique can be chosen.")
                : Optional.empty();
    }
}
