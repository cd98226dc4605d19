package io.github.godwit.model.schedule.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.schedule.Estimators;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.TechniqueEstimates;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The work of a schedule is in proportion to its moves, counted instead of timed; and it ends when the thread is interrupted. */
@Timeout(120)
class BoundedEffortTest {

    @AfterEach
    void nobodyElseIsInterrupted() {
        Thread.interrupted();
    }

    /** A third of the hosts is drained onto the others, six VMs each, so that everything shares links with everything. */
    private static SchedulingProblem drain(int moves, MigrationEstimator estimator) {
        Random random = new Random(5);
        int hosts = moves / 2;
        int drained = Math.max(1, hosts / 3);
        List<HostNetwork> networks = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            networks.add(HostNetwork.idle("h" + host, Bandwidth.ofMegabits(1000)));
        }
        List<MoveRequest> requests = new ArrayList<>();
        for (int vm = 0; vm < moves; vm++) {
            List<String> to = random.ints(drained, hosts)
                    .distinct()
                    .limit(Math.min(5, hosts - drained))
                    .mapToObj(host -> "h" + host)
                    .toList();
            requests.add(new MoveRequest("vm" + vm, "h" + vm % drained, to));
        }
        return new SchedulingProblem(requests, new Topology(networks, List.of(), List.of()), estimator);
    }

    private static MigrationEstimator sizes() {
        return (vm, destination, share) -> TechniqueEstimates.only(
                Estimators.estimate(Technique.PRE_COPY, (1 + vm.hashCode() % 7) * 1000 / share.megabits(), 0));
    }

    /** As many simulations as fit, and the last one may go over the bound. */
    @ParameterizedTest
    @ValueSource(ints = {200, 400, 800})
    void theSearchStopsAtItsBound(int moves) throws InterruptedException {
        Instance instance =
                new Instance(drain(moves, sizes()), drain(moves, sizes()).search(), 5);
        Effort effort = Effort.of(moves);
        PlanSearch search = new PlanSearch(instance, 4, effort);
        search.construct();
        search.improve(1_000_000);
        assertThat(search.steps()).isGreaterThanOrEqualTo(effort.search()).isLessThan(2 * effort.search());
    }

    /** Nothing is cut off where the bound is not needed: two hundred moves as before. */
    @Test
    void twoHundredMovesAreSearchedAsOftenAsBefore() throws InterruptedException {
        SchedulingProblem problem = drain(200, sizes());
        Instance instance = new Instance(problem, problem.search(), 5);
        PlanSearch search = new PlanSearch(instance, 4, Effort.of(200));
        search.construct();
        search.improve(100);
        assertThat(search.steps()).isLessThan(Effort.of(200).search());
    }

    /** A plan whose simulation takes too many steps is not among the best, however early it ends. */
    @Test
    void plansThatAreTooDearAreNotConsidered() throws InterruptedException {
        SchedulingProblem problem = drain(60, sizes());
        Instance instance = new Instance(problem, problem.search(), 5);
        Simulation simulation = new Simulation(instance, null);
        Plan chain = Plan.uniform(60, 1);
        Plan atOnce = Plan.uniform(60, Plan.OPEN);
        simulation.run(chain);
        long steps = simulation.steps();
        simulation.run(atOnce);
        assertThat(simulation.steps()).as("steps at once").isGreaterThan(3 * steps);

        PlanSearch search = new PlanSearch(instance, 4, new Effort(Long.MAX_VALUE, 2 * steps, Long.MAX_VALUE));
        search.consider(chain);
        search.consider(atOnce);

        assertThat(search.best()).hasSize(1);
        assertThat(search.best().get(0).plan().gate()).containsOnly(1);
    }

    @Test
    void theSameProblemGivesTheSameScheduleAgain() throws InterruptedException {
        SchedulingProblem problem = drain(120, sizes());
        assertThat(Schedulers.standard().schedule(problem))
                .isEqualTo(Schedulers.standard().schedule(problem));
    }

    /** The estimator is asked in every phase; whenever the interrupt comes, it is seen. */
    @ParameterizedTest
    @CsvSource({"6, 1", "6, 40", "6, 80", "50, 1", "50, 300", "50, 600"})
    void anInterruptEndsIt(int moves, int question) {
        AtomicInteger asked = new AtomicInteger();
        MigrationEstimator interrupting = (vm, destination, share) -> {
            if (asked.incrementAndGet() == question) {
                Thread.currentThread().interrupt();
            }
            return sizes().estimate(vm, destination, share);
        };
        SchedulingProblem problem = drain(moves, interrupting);
        assertThatThrownBy(() -> Schedulers.standard().schedule(problem)).isInstanceOf(InterruptedException.class);
        assertThat(asked).hasValueLessThan(question + 70);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /** The interrupt comes with the last question before the answer is written down. */
    @Test
    void anInterruptIsSeenAmongTheFinalistsToo() {
        SchedulingProblem problem = drain(50, sizes()).withFinalists((vm, destination, share) -> {
            Thread.currentThread().interrupt();
            return sizes().estimate(vm, destination, share);
        });
        assertThatThrownBy(() -> Schedulers.standard().schedule(problem)).isInstanceOf(InterruptedException.class);
    }
}
