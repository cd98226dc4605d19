package io.github.godwit.model.schedule.solve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.schedule.DrawnProblems;
import io.github.godwit.model.schedule.MigrationScheduler;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.PublishedVms;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.ScheduleVerifier;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.rule.TrafficOrder.Load;
import io.github.godwit.model.technique.Technique;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The papers' rules as schedulers. */
class RuleSchedulersTest {

    private static final RuleSchedulers RULES =
            new RuleSchedulers(vm -> PublishedVms.loads(vm).get(0));

    @Test
    void orderPostMovesThePublishedVmsOneAfterAnotherByPostCopy() throws InterruptedException {
        Schedule schedule = RULES.byName()
                .get("order_post")
                .schedule(PublishedVms.problem(Technique.PRE_COPY, "C", "NI", "M", "NO"));
        assertThat(schedule.order()).containsExactly("NO", "M", "C", "NI");
        assertThat(schedule.migrations()).allMatch(each -> each.technique() == Technique.POST_COPY);
        assertThat(schedule.mostAtOnce()).isEqualTo(1);
    }

    /** NO sends 674 Mbit/s: the source is outbound and post-copy is right; without NO and NI it is idle, as the destination. */
    @Test
    void trafficAwareMovesUrgentVmsInParallelAndOthersAfterThem() throws InterruptedException {
        SchedulingProblem published = PublishedVms.problem(Technique.PRE_COPY, "C", "NO", "M", "NI");
        List<MoveRequest> moves = published.moves().stream()
                .map(each ->
                        each.withUrgency(each.vm().equals("C") || each.vm().equals("M") ? Urgency.HIGH : Urgency.LOW))
                .toList();
        Schedule schedule = new TrafficAwareScheduler().schedule(published.withMoves(moves));
        Map<String, Integer> groups = Map.of("C", 0, "M", 0, "NO", 1, "NI", 2);
        groups.forEach((vm, group) ->
                assertThat(schedule.byVm().get(vm).group()).as(vm).isEqualTo(group));
        assertThat(schedule.byVm().get("C").technique()).isEqualTo(Technique.POST_COPY);
        assertThat(schedule.byVm().get("NO").technique()).isEqualTo(Technique.POST_COPY);
    }

    @Test
    void trafficAwareMovesVmsOfMediumUrgencyInParallelWhereBandwidthSuffices() throws InterruptedException {
        SchedulingProblem quiet = PublishedVms.problem(Technique.PRE_COPY, "C", "M");
        assertThat(new TrafficAwareScheduler().schedule(quiet).mostAtOnce()).isEqualTo(2);
        SchedulingProblem busy = PublishedVms.problem(Technique.PRE_COPY, "C", "NO");
        assertThat(new TrafficAwareScheduler().schedule(busy).mostAtOnce()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53})
    void everyRuleKeepsTheRulesOfASchedule(long seed) throws InterruptedException {
        SchedulingProblem problem = DrawnProblems.drain(seed, 7, 2, 3, 2);
        RuleSchedulers rules = new RuleSchedulers(vm -> new Load(vm, 1000, 10, Traffic.NONE));
        for (MigrationScheduler rule : rules.byName().values()) {
            ScheduleVerifier.verify(problem, rule.schedule(problem));
        }
    }
}
