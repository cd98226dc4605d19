package io.github.godwit.model.schedule;

/**
 * Plans many migrations together. Implementations are pure and deterministic: their work is bounded, not their time.
 *
 * <p>A schedule contains every move of the problem once, to one of its destinations; it keeps the limits of hosts, never has two VMs of an
 * anti-affinity group in migration at once, and never uses more of a link than the applications on it can do without.
 */
@FunctionalInterface
public interface MigrationScheduler {

    /**
     * Makes a schedule.
     *
     * @param problem what is to be scheduled
     * @return the schedule; empty when there is nothing to move
     * @throws io.github.godwit.model.select.NoTechniqueException when a VM cannot be moved to any of its destinations
     * @throws InterruptedException when the thread is interrupted; nothing remains of what was begun
     */
    Schedule schedule(SchedulingProblem problem) throws InterruptedException;
}
