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
 *   <li>Action plans that have ended or were superseded, with their actions. The outcomes of migrations have a time of their own: they are
 *       removed from actions that stay, or stay as actions without a plan.
 *   <li>Audits that have ended and have no plan any more. Continuous audits that go on, suspended ones, and EVENT audits, whose webhook may
 *       come at any time, stay.
 *   <li>Audits and plans that were deleted, and with the audits the templates that were deleted and the instances that were last seen before
 *       that time.
 *   <li>What is kept of migrations that host drivers reported, as long as outcomes.
 *   <li>Lines of the audit trail.
 * </ul>
 *
 * <p>Instances may remove at the same time; what one has removed, the other does not find.
 */
public final class Retention {

    /** Of plans and of audits. With some dozens of actions each, a transaction takes less than a second. */
    static final int MOST = 100;

    /** Of outcomes and of lines of the trail. */
    private static final int MOST_ROWS = 2000;

    private static final Set<ActionPlanState> ENDED_PLANS = Set.of(
            ActionPlanState.SUCCEEDED, ActionPlanState.FAILED, ActionPlanState.CANCELLED, ActionPlanState.SUPERSEDED);
    private static final Set<AuditState> ENDED_AUDITS =
            Set.of(AuditState.SUCCEEDED, AuditState.FAILED, AuditState.CANCELLED);

    /** A row that was made before the time is old if it was deleted, or ended, before it. The first condition is that of the index. */
    private static final String OLD = "created_at < :before AND (deleted_at < :before OR"
            + " (deleted_at IS NULL AND state IN (<ended>) AND COALESCE(updated_at, created_at) < :before%s))";

    private static final String NO_PLANS =
            " AND NOT EXISTS (SELECT 1 FROM action_plans WHERE action_plans.audit_uuid = audits.uuid)";

    /** Actions that {@code /godwit/v1/outcomes} lists with what was measured. */
    private static final String OUTCOME =
            "action_type = 'migrate' AND result IS NOT NULL AND ended_at IS NOT NULL AND deleted_at IS NULL";

    private static final String WITHOUT_PLAN =
            "NOT EXISTS (SELECT 1 FROM action_plans WHERE action_plans.uuid = actions.plan_uuid)";

    private Retention() {}

    /**
     * What is removed: that of before these times.
     *
     * @param audits   of audits; null to keep all
     * @param plans    of action plans; null to keep all
     * @param outcomes of outcomes of migrations; null to keep all
     * @param trail    of the audit trail; null to keep all
     */
    public record Before(Instant audits, Instant plans, Instant outcomes, Instant trail) {}

    /**
     * Removes the oldest of it: at most {@value #MOST} plans and {@value #MOST} audits.
     *
     * @param handle a transaction
     * @return how many plans and audits
     */
    public static int remove(Handle handle, Before before) {
        int removed = before.plans() == null ? 0 : removePlans(handle, before.plans(), before.outcomes());
        if (before.outcomes() != null) {
            removeOutcomes(handle, before.outcomes(), before.plans());
            deleteBefore(handle, "outcomes", "happened_at", before.outcomes());
        }
        if (before.audits() != null) {
            removed += removeAudits(handle, before.audits());
        }
        if (before.trail() != null) {
            List<Long> lines = ids(handle, "trail", "event_time < :before", before.trail());
            execute(handle, "DELETE FROM trail WHERE id IN (<rows>)", lines);
        }
        return removed;
    }

    private static int removePlans(Handle handle, Instant before, Instant outcomes) {
        List<String> plans = old(handle, "action_plans", "", ENDED_PLANS, before);
        boolean outcomesStay = outcomes == null || outcomes.isBefore(before);
        execute(
                handle,
                "DELETE FROM actions WHERE plan_uuid IN (<rows>)"
                        + (outcomesStay ? " AND NOT (%s)".formatted(OUTCOME) : ""),
                plans);
        execute(handle, "DELETE FROM action_plans WHERE uuid IN (<rows>)", plans);
        return plans.size();
    }

    private static void removeOutcomes(Handle handle, Instant before, Instant plans) {
        if (plans == null || plans.isBefore(before)) {
            List<Long> measured = ids(handle, "actions", "ended_at < :before AND " + OUTCOME, before);
            execute(handle, "UPDATE actions SET result = NULL WHERE id IN (<rows>)", measured);
        }
        if (plans != null && !plans.isBefore(before)) {
            List<Long> alone = ids(handle, "actions", "ended_at < :before AND " + WITHOUT_PLAN, before);
            execute(handle, "DELETE FROM actions WHERE id IN (<rows>)", alone);
        }
    }

    private static int removeAudits(Handle handle, Instant before) {
        String notEvent = " AND audit_type <> '%s'".formatted(AuditType.EVENT.name());
        List<String> audits = old(handle, "audits", notEvent + NO_PLANS, ENDED_AUDITS, before);
        execute(handle, "DELETE FROM audits WHERE uuid IN (<rows>)", audits);
        deleteBefore(handle, "audit_templates", "deleted_at", before);
        deleteBefore(handle, "services", "last_seen_up", before);
        return audits.size();
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

    private static List<Long> ids(Handle handle, String table, String condition, Instant before) {
        return handle.createQuery("SELECT id FROM %s WHERE %s ORDER BY id LIMIT :most".formatted(table, condition))
                .bind("before", before.toEpochMilli())
                .bind("most", MOST_ROWS)
                .mapTo(Long.class)
                .list();
    }

    private static void execute(Handle handle, String statement, List<?> rows) {
        if (!rows.isEmpty()) {
            handle.createUpdate(statement).bindList("rows", rows).execute();
        }
    }

    private static void deleteBefore(Handle handle, String table, String column, Instant before) {
        handle.createUpdate("DELETE FROM %s WHERE %s < :before".formatted(table, column))
                .bind("before", before.toEpochMilli())
                .execute();
    }
}
