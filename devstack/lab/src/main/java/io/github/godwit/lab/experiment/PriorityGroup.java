package io.github.godwit.lab.experiment;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduledMigration;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Migrations that start together; the next group starts when all of them have ended.
 *
 * @param techniques the technique of each VM, in the order of their start
 */
record PriorityGroup(Map<String, Technique> techniques) {

    /**
     * Plain migrations, as the thesis compares its rules with them: in parallel at high and medium urgency, one after another at low
     * urgency.
     */
    static List<PriorityGroup> plain(List<String> vms, Technique technique, Urgency urgency) {
        List<PriorityGroup> groups = new ArrayList<>();
        Map<String, Technique> together = new LinkedHashMap<>();
        for (String vm : vms) {
            if (urgency == Urgency.LOW) {
                groups.add(new PriorityGroup(Map.of(vm, technique)));
            } else {
                together.put(vm, technique);
            }
        }
        return together.isEmpty() ? groups : List.of(new PriorityGroup(together));
    }

    /** The groups of a schedule. */
    static List<PriorityGroup> of(Schedule schedule) {
        Map<Integer, Map<String, Technique>> groups = new TreeMap<>();
        for (ScheduledMigration each : schedule.migrations()) {
            groups.computeIfAbsent(each.group(), group -> new LinkedHashMap<>()).put(each.vm(), each.technique());
        }
        return groups.values().stream().map(PriorityGroup::new).toList();
    }
}
