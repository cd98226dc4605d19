package io.github.godwit.strategy.shadow;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.cluster.Cloud.ServerMove;
import io.github.godwit.strategy.shadow.Uncompared.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What Godwit would have chosen for the migrations that it observed, how well it predicted what Nova's own flags cost, and what it is
 * expected to have saved.
 *
 * @param since       from when on migrations are part of it
 * @param until       when it was made
 * @param observed    number of migrations that were observed, compared or not
 * @param advised     number of other migrations that host drivers reported in that time: Godwit did not only observe them
 * @param all         all migrations that are compared
 * @param techniques  the same by the technique that Nova's own flags resulted in
 * @param notCompared number of migrations that are not compared, by reason
 * @param uncompared  the latest of these, newest first
 * @param notes       what the reader should know, in sentences
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ShadowReport(
        Instant since,
        Instant until,
        int observed,
        int advised,
        ObservedGroup all,
        List<ObservedGroup> techniques,
        Map<Why, Integer> notCompared,
        List<Uncompared> uncompared,
        List<String> notes) {

    /** The usual time of a report, a week. */
    public static final String USUAL_PERIOD = "7d";

    /** Named one by one; more are only counted. */
    static final int NAMED = 100;

    /**
     * Makes the report. Pure.
     *
     * @param migrations what host drivers reported since then
     * @param moves      the moves of servers that Nova has recorded since then; those that run are left out
     * @param known      what the reader should know about these
     */
    public static ShadowReport of(
            Instant since,
            Instant until,
            List<RecordedMigration> migrations,
            List<ServerMove> moves,
            List<String> known) {
        List<RecordedMigration> observed =
                migrations.stream().filter(RecordedMigration::observed).toList();
        List<RecordedMigration> compared =
                observed.stream().filter(RecordedMigration::comparable).toList();
        SeenErrors errors = new SeenErrors(compared);
        Map<Technique, List<RecordedMigration>> byTechnique = compared.stream()
                .collect(Collectors.groupingBy(RecordedMigration::technique, TreeMap::new, Collectors.toList()));
        List<Uncompared> uncompared = new ArrayList<>();
        observed.stream().filter(each -> !each.comparable()).map(Uncompared::of).forEach(uncompared::add);
        missing(migrations, moves).stream().map(Uncompared::of).forEach(uncompared::add);
        uncompared.sort(Comparator.comparing(Uncompared::at).reversed());
        Map<Why, Integer> counts = new EnumMap<>(Why.class);
        uncompared.forEach(each -> counts.merge(each.why(), 1, Integer::sum));
        ObservedGroup all = ObservedGroup.of(null, compared, errors);
        return new ShadowReport(
                since,
                until,
                observed.size(),
                migrations.size() - observed.size(),
                all,
                byTechnique.entrySet().stream()
                        .map(each -> ObservedGroup.of(each.getKey(), each.getValue(), errors))
                        .toList(),
                counts,
                uncompared.stream().limit(NAMED).toList(),
                notes(all, uncompared.size(), known));
    }

    /** The moves that no migration of the same server on the same way stands for. */
    private static List<ServerMove> missing(List<RecordedMigration> migrations, List<ServerMove> moves) {
        Map<List<String>, Integer> reported = new HashMap<>();
        migrations.forEach(
                each -> reported.merge(List.of(each.vm(), each.source(), each.destination()), 1, Integer::sum));
        List<ServerMove> missing = new ArrayList<>();
        for (ServerMove move : moves) {
            if (move.runs()) {
                continue;
            }
            List<String> way = List.of(move.server(), move.source(), move.destination());
            if (reported.merge(way, -1, Integer::sum) < 0) {
                missing.add(move);
            }
        }
        return missing;
    }

    private static List<String> notes(ObservedGroup all, int uncompared, List<String> known) {
        List<String> notes = new ArrayList<>(known);
        if (!all.isEnough()) {
            notes.add("%d migrations are too few to say how sure what was saved is; %d are needed."
                    .formatted(all.migrations(), Savings.ENOUGH));
        }
        if (all.perfProxies() > 0) {
            notes.add("PERF of %d migrations is a proxy from outside of the guest, which is not compared with SLOs."
                    .formatted(all.perfProxies()));
        }
        if (uncompared > NAMED) {
            notes.add("%d of the migrations that are not compared are named.".formatted(NAMED));
        }
        return notes;
    }
}
