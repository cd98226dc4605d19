package io.github.godwit.host.migrate;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import java.util.ArrayList;
import java.util.List;

/** What has changed on both hosts since a migration was decided. Pure. */
final class WorldChange {

    /** Loads move by a tenth or so from one sample to the next; by this much a prediction becomes another one. */
    private static final double CPU_LOAD = 0.25;

    private static final double MEMORY_LOAD = 0.1;

    /** Share of the link's capacity. */
    private static final double AVAILABLE = 0.25;

    private WorldChange() {}

    /**
     * Compares.
     *
     * @param source         the source when the migration was decided
     * @param destination    the destination then
     * @param sourceNow      the source now
     * @param destinationNow the destination now
     * @return a sentence for each change that matters
     */
    static List<String> between(
            HostProfile source, HostProfile destination, HostProfile sourceNow, HostProfile destinationNow) {
        List<String> changes = new ArrayList<>();
        load(changes, "CPU load", source.name(), source.cpuLoad(), sourceNow.cpuLoad(), CPU_LOAD);
        load(changes, "CPU load", destination.name(), destination.cpuLoad(), destinationNow.cpuLoad(), CPU_LOAD);
        load(
                changes,
                "memory load",
                destination.name(),
                destination.memoryLoad(),
                destinationNow.memoryLoad(),
                MEMORY_LOAD);
        LinkProfile then = LinkProfile.between(source, destination, 0);
        LinkProfile now = LinkProfile.between(sourceNow, destinationNow, 0);
        double changed = Math.abs(now.available().megabits() - then.available().megabits());
        if (changed > AVAILABLE * then.capacity().megabits()) {
            changes.add("Since the plan, the free bandwidth between %s and %s has changed from %.0f to %.0f Mbit/s."
                    .formatted(
                            source.name(),
                            destination.name(),
                            then.available().megabits(),
                            now.available().megabits()));
        }
        return changes;
    }

    private static void load(List<String> changes, String what, String host, double then, double now, double limit) {
        if (Math.abs(now - then) > limit) {
            changes.add("Since the plan, the %s of %s has changed from %.0f %% to %.0f %%."
                    .formatted(what, host, 100 * then, 100 * now));
        }
    }
}
