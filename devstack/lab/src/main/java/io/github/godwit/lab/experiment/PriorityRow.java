package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One row of tables 1 and 2 of [Thesis 2025].
 *
 * @param direction traffic of the source and of the destination, for example {@code in-out}
 * @param vms       traffic of the two VMs, for example {@code out-in}
 * @param urgency   urgency of their migrations
 * @param technique {@code PRE}, {@code POST}, or {@code traffic_aware}
 */
record PriorityRow(String direction, String vms, Urgency urgency, String technique) {

    /** The rules of [Thesis 2025], algorithms 1 to 3. */
    static final String TRAFFIC_AWARE = "traffic_aware";

    private static final List<String> DIRECTIONS = List.of("idle-idle", "in-in", "in-out", "out-in", "out-out");
    private static final List<String> VMS = List.of("in-in", "in-out", "out-in", "out-out");
    /** What is compared. */
    static final List<String> TECHNIQUES = List.of("PRE", "POST", TRAFFIC_AWARE);

    private static final List<String> SUMMARIES = List.of("total_s", "downtime_ms", "kept");

    /** All rows, by urgency, high first; rows that are compared follow each other. */
    static List<PriorityRow> all() {
        List<PriorityRow> rows = new ArrayList<>();
        for (Urgency urgency : Urgency.values()) {
            for (String direction : DIRECTIONS) {
                for (String vms : VMS) {
                    TECHNIQUES.forEach(technique -> rows.add(new PriorityRow(direction, vms, urgency, technique)));
                }
            }
        }
        return rows;
    }

    boolean trafficAware() {
        return technique.equals(TRAFFIC_AWARE);
    }

    /** Traffic of the source: {@code idle}, {@code in} or {@code out}. */
    String source() {
        return direction.split("-", -1)[0];
    }

    /** Traffic of the destination. */
    String destination() {
        return direction.split("-", -1)[1];
    }

    /** The VMs: {@code in1} and {@code in2} receive, {@code out1} and {@code out2} send. */
    List<String> names() {
        String[] traffic = vms.split("-", -1);
        return Arrays.asList(traffic[0] + "1", traffic[1] + "2");
    }

    /** Number of its runs in the results. */
    int runs(JsonNode results) {
        return find(results).path("runs").size();
    }

    /** Adds a run to the results, and sets the medians of its row. */
    void add(ObjectNode results, ObjectNode run) {
        ArrayNode rows = results.withArray("rows");
        JsonNode found = find(results);
        ObjectNode row = found.isObject()
                ? (ObjectNode) found
                : rows.addObject()
                        .put("direction", direction)
                        .put("vms", vms)
                        .put("urgency", urgency.name().toLowerCase(Locale.ROOT))
                        .put("technique", technique);
        JsonNode runs = row.withArray("runs").add(run);
        for (String member : SUMMARIES) {
            if (runs.findValue(member) != null) {
                row.put(member, ResultFile.median(runs, member));
            }
        }
    }

    private JsonNode find(JsonNode results) {
        for (JsonNode row : results.path("rows")) {
            if (row.path("direction").asText().equals(direction)
                    && row.path("vms").asText().equals(vms)
                    && row.path("urgency").asText().equalsIgnoreCase(urgency.name())
                    && row.path("technique").asText().equals(technique)) {
                return row;
            }
        }
        return results.path("none");
    }
}
