package io.github.godwit.lab.run;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.function.Consumer;

/** Migrates one VM of the lab and has its guest check its memory afterwards. */
public final class LabMigration {

    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(5);
    private static final Duration BEYOND_LIMIT = Duration.ofMinutes(2);

    private final Lab lab;

    /** Migrations in a lab. */
    public LabMigration(Lab lab) {
        this.lab = lab;
    }

    /**
     * How a migration is wanted.
     *
     * @param vm          the VM
     * @param destination name of the host to go to
     * @param technique   the technique, or null to choose under {@code policy}
     * @param policy      a shipped policy, or null with a technique
     * @param reservation bandwidth to reserve, or null
     * @param timeLimit   when to give up, or null for five minutes
     */
    public record Wish(
            String vm,
            String destination,
            Technique technique,
            String policy,
            Bandwidth reservation,
            Duration timeLimit) {}

    /**
     * A migration that has ended.
     *
     * @param status        its final status
     * @param guest         what the guest said of its memory, wherever it is now
     * @param guestVerified whether that was good
     */
    public record Result(MigrationStatus status, String guest, boolean guestVerified) {}

    /**
     * Migrates.
     *
     * @param listener gets every event
     * @throws LabException             when there is no such VM or host
     * @throws IllegalArgumentException when there is no such policy, or the VM is on the destination already
     */
    public Result migrate(Wish wish, Consumer<MigrationEvent> listener) throws InterruptedException {
        LabHost destination = lab.host(wish.destination());
        if (wish.policy() != null) {
            SloPolicies.shipped().get(wish.policy());
        }
        LabHost source = lab.hostOf(wish.vm());
        if (source.name().equals(destination.name())) {
            throw new IllegalArgumentException(
                    "VM '%s' is on %s already. Choose another destination.".formatted(wish.vm(), destination.name()));
        }
        HostDriverClient agent = lab.client(source);
        MigrationStatus started = agent.migrate(new MigrationRequest(
                wish.vm(), destination.agent(), wish.technique(), wish.policy(), wish.reservation(), wish.timeLimit()));
        Duration limit = wish.timeLimit() == null ? DEFAULT_LIMIT : wish.timeLimit();
        MigrationStatus ended = agent.follow(started.id(), limit.plus(BEYOND_LIMIT), listener);
        String answer = new LabVms(lab).verify(wish.vm());
        return new Result(ended, answer, LabVms.isVerified(answer));
    }
}
