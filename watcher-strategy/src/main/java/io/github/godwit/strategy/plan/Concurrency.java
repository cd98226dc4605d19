package io.github.godwit.strategy.plan;

import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.schedule.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which migrations of a schedule meet each other, as far as they take as long as predicted. Pure. */
final class Concurrency {

    private final List<ScheduledMigration> migrations;
    private final List<RunningMigration> running;
    private final Topology.Ways ways;

    /**
     * @param running migrations of other plans
     */
    Concurrency(Schedule schedule, List<RunningMigration> running, Topology topology) {
        this.running = running;
        this.migrations = schedule.migrations();
        this.ways = topology.ways();
    }

    /** Whether another migration uses one of the links of this one while it runs. */
    boolean sharesItsWay(ScheduledMigration migration) {
        List<NetworkLink> way = way(migration.source(), migration.destination());
        return running.stream()
                        .anyMatch(other ->
                                migration.start().value() < other.remaining().value()
                                        && !Collections.disjoint(way, way(other.source(), other.destination())))
                || migrations.stream()
                        .anyMatch(other -> !other.vm().equals(migration.vm())
                                && other.start().value() < migration.end().value()
                                && migration.start().value() < other.end().value()
                                && !Collections.disjoint(way, way(other.source(), other.destination())));
    }

    private List<NetworkLink> way(String source, String destination) {
        return ways.crossed(source, destination);
    }

    /**
     * The other VMs that are on a host when a migration begins.
     *
     * @param before names of those that are there before the first migration
     */
    List<String> vmsBeside(ScheduledMigration migration, String host, List<String> before) {
        List<String> vms = new ArrayList<>(before);
        for (ScheduledMigration other : migrations) {
            if (other.end().value() <= migration.start().value()) {
                if (other.source().equals(host)) {
                    vms.remove(other.vm());
                }
                if (other.destination().equals(host)) {
                    vms.add(other.vm());
                }
            }
        }
        vms.remove(migration.vm());
        return vms;
    }
}
