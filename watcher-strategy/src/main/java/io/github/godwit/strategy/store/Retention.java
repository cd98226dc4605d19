package io.github.godwit.strategy.store;

import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.AuditType;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Removes what has ended, or was deleted, before a time. Watcher keeps all of it until {@code watcher-db-manage purge}, which removes what
 * was deleted; here a continuous audit makes plans for years, and nobody deletes them.
 *
 * <ul>
 *   <li>Action plans that have ended or were superseded, with their actions.
 *   <li>Audits that have ended and have no plan any more. Continuous audits that go on, suspended ones, and EVENT audits, whose webhook may
 *       come at any time, stay.
 *   <li>Plans, audits and templates that were deleted, instances that were last seen before that time, and what is kept of migrations that
 *       host drivers reported.
 * </ul>
 *
 * <p>Instances may remove at the same time; what one has removed, the other does not find.
 */
public final class Retention {

    /** Of plans and of audits. With some dozens of actions each, a transaction takes less than a second. */
    static final int MOST = 100;

    private static final Set<ActionPlanState> ENDED_PLANS = Set.of(
            ActionPlanState.SUCCEEDED, ActionPlanState.FAILED, ActionPlanState.CANCELLED, ActionPlanState.SUPERSEDED);
    private static final Set<AuditState> ENDED_AUDITS =
            Set.of(AuditState.SUCCEEDED, AuditState.FAILED, AuditState.CANCELLED);

    /** A row that was made before the time is old if it was deleted, or ended, before it. The first condition is that of the index. */
    private static final String OLD = "created_at < :before AND (deleted_at < :before OR"
            + " (deleted_at IS NULL AND state IN (<ended>) AND COALESCE(updated_at, created_at) < :before%s))";

    private static final String NO_PLANS =
            " AND NOT EXISTS (SELECT 1 FROM action_plans WHERE action_plans.audit_uuid = audits.uuid)";

    private Retention() {}

    /**
     * Removes at most {@value #MOST} plans and {@value #MOST} audits, the oldest first.
     *
     * @param handle a transaction
     * @param before what ended or was deleted before this time is removed
     * @return how many plans and audits
     */
    public static int remove(Handle handle, Instant before) {
        List<String> plans = old(handle, "action_plans", "", ENDED_PLANS, before);
        if (!plans.isEmpty()) {
            delete(handle, "actions", "plan_uuid", plans);
            delete(handle, "action_plans", "uuid", plans);
        }
        String notEvent = " AND audit_type <> '%s'".formatted(AuditType.EVENT.name());
        List<String> audits = old(handle, "audits", notEvent + NO_PLANS, ENDED_AUDITS, before);
        if (!audits.isEmpty()) {
            delete(handle, "audits", "uuid", audits);
        }
        deleteBefore(handle, "audit_templates", "deleted_at", before);
        deleteBefore(handle, "services", "last_seen_up", before);
        deleteBefore(handle, "outcomes", "happened_at", before);
        return plans.size() + audits.size();
    }

    private static List<String> old(
            Handle handle, String table, String ofEnded, Set<? extends Enum<?>> ended, Instant before) {
        return handle.createQuery("SELECT uuid FROM %s WHERE %s ORDER BY created_at LIMIT :most"
                        .formatted(table, OLD.formatted(ofEnded)))
                .bindList("ended", ended.stream().map(Enum::name).toList())
                .bind("before", before.toEpochMilli())
                .bind("most", MOST)
                .mapTo(String.class)
                .list();
    }

    private static void delete(Handle handle, String table, String column, List<String> uuids) {
        handle.createUpdate("DELETE FROM %s WHERE %s IN (<uuids>)".formatted(table, column))
                .bindList("uuids", uuids)
                .execute();
    }

    private static void deleteBefore(Handle handle, String table, String column, Instant before) {
        handle.createUpdate("DELETE FROM %s WHERE %s < :before".formatted(table, column))
                .bind("before", before.toEpochMilli())
                .execute();
    }
}
