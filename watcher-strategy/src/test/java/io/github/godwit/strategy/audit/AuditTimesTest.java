package io.github.godwit.strategy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.ActionPlan;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.objects.ActionPlanState;
import io.github.godwit.strategy.objects.Audit;
import io.github.godwit.strategy.objects.AuditRequest;
import io.github.godwit.strategy.objects.AuditState;
import io.github.godwit.strategy.objects.PlanDraft;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Audits through their times, with a real database and a clock that is set. Nobody sleeps. */
class AuditTimesTest {

    private static final Duration LEASE = Duration.ofSeconds(40);

    private final SetClock clock = new SetClock("2026-03-01T12:00:00Z");
    private final Database database = Database.inMemory();
    private final Stores stores = Stores.of(database, Catalog.shipped(), clock);
    private final Map<UUID, Instant> looks = new HashMap<>();
    private final Audits audits = new Audits(stores, Catalog.shipped(), clock, false, looks::put);
    private AuditRun instance = instance("one");

    @AfterEach
    void close() {
        database.close();
    }

    /** An instance that is there from now on. */
    private AuditRun instance(String name) {
        beat(name);
        return new AuditRun(stores, Catalog.shipped(), Optional::empty, Optional::empty, clock, name, LEASE);
    }

    private void beat(String name) {
        database.jdbi().useTransaction(handle -> stores.services().seen(handle, "watcher-decision-engine", name));
    }

    private Audit create(String type, String interval) {
        return audits.create(
                new AuditRequest(null, null, "dummy", null, type, null, interval, false, null, null, false));
    }

    private Audit read(Audit audit) {
        return database.jdbi()
                .withHandle(handle -> stores.audits().get(handle, audit.uuid().toString()));
    }

    private Audit patch(Audit audit, AuditState state, String interval) {
        Audit before = read(audit);
        return audits.update(
                before,
                new Audit(
                        before.id(),
                        before.uuid(),
                        before.name(),
                        before.type(),
                        state,
                        before.goal(),
                        before.strategy(),
                        before.parameters(),
                        interval,
                        before.scope(),
                        before.autoTrigger(),
                        before.force(),
                        before.nextRunTime(),
                        before.startTime(),
                        before.endTime(),
                        before.hostname(),
                        before.statusMessage(),
                        before.createdAt(),
                        before.updatedAt()));
    }

    private static PlanDraft draft() {
        JsonNode nothing = Texts.tree("{}");
        return new PlanDraft(
                List.of(new Step("nop", nothing, "Nothing", List.of())), Map.of(), "Done.", OnFailure.GO_ON, 1);
    }

    private AuditRun.Run begun(Audit audit) {
        return instance.begin(audit.uuid(), false).run().orElseThrow();
    }

    private static Instant at(String time) {
        return Instant.parse("2026-03-01T%sZ".formatted(time));
    }

    @Test
    void aNightlyAuditThatIsResumedAtNoonWaitsForTheNight() {
        Audit audit = create("CONTINUOUS", "0 2 * * *");
        Instant night = Instant.parse("2026-03-02T02:00:00Z");
        assertThat(looks).containsEntry(audit.uuid(), night);
        clock.to("2026-03-02T02:00:00Z");
        instance.stored(begun(audit), draft());
        patch(audit, AuditState.SUSPENDED, "0 2 * * *");
        assertThat(read(audit).nextRun()).isNull();

        clock.to("2026-03-05T12:00:00Z");
        Audit resumed = patch(audit, AuditState.ONGOING, "0 2 * * *");

        assertThat(resumed.nextRun()).isEqualTo("2026-03-06T02:00:00Z");
        assertThat(looks).containsEntry(audit.uuid(), Instant.parse("2026-03-06T02:00:00Z"));
        assertThat(instance.begin(audit.uuid(), false).run()).isEmpty();
    }

    @Test
    void aNewIntervalHoldsAtOnce() {
        Audit audit = create("CONTINUOUS", "86400");
        assertThat(looks).containsEntry(audit.uuid(), at("12:00:00"));
        instance.stored(begun(audit), draft());
        clock.pass(Duration.ofSeconds(3));

        patch(audit, AuditState.ONGOING, "20");

        assertThat(looks).containsEntry(audit.uuid(), at("12:00:20"));
        clock.to("2026-03-01T12:00:20Z");
        begun(audit);
    }

    @Test
    void aNewIntervalDuringARunHoldsAfterIt() {
        Audit audit = create("CONTINUOUS", "86400");
        AuditRun.Run run = begun(audit);
        clock.pass(Duration.ofMinutes(4));
        patch(audit, AuditState.ONGOING, "300");
        clock.pass(Duration.ofSeconds(10));

        assertThat(instance.stored(run, draft()).next()).hasValue(at("12:05:00"));
    }

    @Test
    void aSlotInWhichNoInstanceWasThereIsNotMadeUpFor() {
        Audit audit = create("CONTINUOUS", "0 2 * * *");
        clock.to("2026-03-02T02:00:07Z");
        instance = instance("started after the slot");

        AuditRun.Begin begin = instance.begin(audit.uuid(), false);

        assertThat(begin.run()).isEmpty();
        assertThat(begin.look()).hasValue(Instant.parse("2026-03-03T02:00:00Z"));
        assertThat(read(audit).statusMessage()).contains("The run of 2026-03-02T02:00:00Z was missed");
        assertThat(read(audit).nextRun()).isEqualTo("2026-03-03T02:00:00Z");
    }

    @Test
    void anAuditThatWasNeverRunRunsAfterARestart() {
        Audit audit = create("CONTINUOUS", "86400");
        clock.pass(Duration.ofMinutes(1));
        instance = instance("again");
        assertThat(begun(audit).slot()).isEqualTo(at("12:01:00"));
    }

    @Test
    void anAuditEndsAtItsEndTimeAlsoBetweenItsSlots() {
        Audit audit = audits.create(new AuditRequest(
                null, null, "dummy", null, "CONTINUOUS", null, "3600", false, null, at("12:30:00"), false));
        assertThat(instance.stored(begun(audit), draft()).next()).hasValue(at("12:30:00"));
        assertThat(read(audit).nextRun()).as("13:00 is after its end").isNull();
        clock.to("2026-03-01T12:30:00Z");

        assertThat(instance.begin(audit.uuid(), false).look()).isEmpty();

        assertThat(read(audit).state()).isEqualTo(AuditState.SUCCEEDED);
        assertThat(read(audit).statusMessage()).isEqualTo("The end time was reached.");
    }

    @Test
    void anEndThatHasPassedIsRefused() {
        assertThatThrownBy(() -> audits.create(new AuditRequest(
                        null, null, "dummy", null, "CONTINUOUS", null, "60", false, null, at("11:59:59"), false)))
                .hasMessageContaining("The end_time 2026-03-01T11:59:59Z has passed; it is 2026-03-01T12:00:00Z.");
    }

    @Test
    void onlyOneInstanceRunsAnAuditUntilItIsDead() {
        Audit audit = create("CONTINUOUS", "300");
        AuditRun other = instance("two");
        AuditRun.Run lost = begun(audit);
        clock.pass(Duration.ofSeconds(30));
        assertThat(other.begin(audit.uuid(), false).run()).isEmpty();
        assertThat(other.forgotten(read(audit), false)).isFalse();

        clock.pass(Duration.ofSeconds(11));
        beat("two");
        assertThat(other.forgotten(read(audit), false)).isTrue();
        AuditRun.Run again = other.begin(audit.uuid(), false).run().orElseThrow();

        assertThat(instance.stored(lost, draft()).next())
                .as("it counts no longer")
                .isEmpty();
        assertThat(other.stored(again, draft()).next()).hasValue(at("12:05:41"));
        assertThat(recommended()).hasSize(1);
    }

    @Test
    void aRunOfAnAuditThatWasSuspendedCountsNoLonger() {
        Audit audit = create("CONTINUOUS", "300");
        AuditRun.Run run = begun(audit);
        patch(audit, AuditState.SUSPENDED, "300");
        assertThat(instance.counts(run)).isFalse();
        assertThat(instance.stored(run, draft()).next()).isEmpty();
        assertThat(read(audit).state()).isEqualTo(AuditState.SUSPENDED);
    }

    @Test
    void aWebhookWhileAPlanIsOngoingDoesNotEndTheAudit() {
        Audit oneshot = create("ONESHOT", null);
        instance.stored(begun(oneshot), draft());
        UUID plan = recommended().get(0).uuid();
        become(plan, ActionPlanState.RECOMMENDED, ActionPlanState.ONGOING);
        Audit event = create("EVENT", null);

        audits.trigger(event.name());
        assertThat(instance.begin(event.uuid(), false).run()).isEmpty();

        assertThat(read(event).state()).isEqualTo(AuditState.PENDING);
        assertThat(read(event).statusMessage())
                .contains("Action plan %s is ongoing.".formatted(plan), "It waits for its next webhook.");
        become(plan, ActionPlanState.ONGOING, ActionPlanState.SUCCEEDED);
        audits.trigger(event.name());
        instance.stored(begun(event), draft());
        assertThat(read(event).state()).isEqualTo(AuditState.SUCCEEDED);
    }

    private List<ActionPlan> recommended() {
        return database.jdbi()
                .withHandle(handle -> stores.plans().plansIn(handle, List.of(ActionPlanState.RECOMMENDED)));
    }

    private void become(UUID plan, ActionPlanState from, ActionPlanState to) {
        database.jdbi().useTransaction(handle -> stores.plans().changePlan(handle, plan, from, to, null, null));
    }

    @Test
    void aFailedRunDoesNotEndAnAuditThatWaitsForEvents() {
        Audit event = create("EVENT", null);
        audits.trigger(event.name());

        instance.failed(begun(event), new IllegalArgumentException("No host driver answers"));

        assertThat(read(event).state()).isEqualTo(AuditState.PENDING);
        assertThat(read(event).statusMessage())
                .isEqualTo("The last run failed: No host driver answers. It waits for its next webhook.");
        audits.trigger(event.name());
        begun(event);
    }

    @Test
    void anIntervalThatAnEarlierReleaseAcceptedEndsTheAuditWithTheReason() {
        Audit audit = create("CONTINUOUS", "300");
        database.jdbi()
                .useHandle(
                        handle -> handle.execute("UPDATE audits SET run_interval = '0 2 30 2 *', state = 'ONGOING'"));
        assertThat(instance.forgotten(read(audit), false)).isFalse();

        assertThat(instance.begin(audit.uuid(), false).look()).isEmpty();

        assertThat(read(audit).state()).isEqualTo(AuditState.FAILED);
        assertThat(read(audit).statusMessage()).contains("never occurs");
    }

    @Test
    void twoAuditsOfTheSameMomentHaveNamesOfTheirOwn() {
        assertThat(create("ONESHOT", null).name())
                .isNotEqualTo(create("ONESHOT", null).name());
    }
}
