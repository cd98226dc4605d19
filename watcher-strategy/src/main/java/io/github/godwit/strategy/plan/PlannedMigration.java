package io.github.godwit.strategy.plan;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.profile.WorkloadClass;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.decide.Move;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One migration with everything that is needed to make it and to tell why.
 *
 * @param move            the VM and the hosts
 * @param destination     base URL of the destination's host driver
 * @param choice          the technique, with what it is expected to cost and what it was chosen from
 * @param reservation     bandwidth to reserve on both hosts, or nothing
 * @param reservationNote why that much or why nothing, in a sentence
 * @param migrationCase   what the predictions were made from
 */
public record PlannedMigration(
        Move move,
        URI destination,
        Choice choice,
        Optional<Bandwidth> reservation,
        String reservationNote,
        MigrationCase migrationCase) {

    /** Why this VM, why there, why so: all reasons as one paragraph. */
    public String reason() {
        return String.join(
                " ",
                move.reason() + workload(),
                choice.reason() + migrationCase.vm().caveats(),
                reservationNote);
    }

    /** The VM's workload classes as a sentence with a blank before it, or nothing for one that does little. */
    private String workload() {
        String classes = WorkloadClass.of(migrationCase.vm()).stream()
                .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
        return classes.isEmpty() ? "" : " It is %s.".formatted(classes);
    }
}
