package io.github.godwit.strategy.actionplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.schedule.RackLink;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.plan.Racks;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** All hosts have links of 1000 Mbit/s. */
class MigrationBudgetTest {

    private static final long LINK = 1_000_000_000;

    private int concurrent;
    private Racks racks = Racks.NONE;

    private MigrationBudget budget(Action... running) {
        MigrationBudget budget = new MigrationBudget(host -> concurrent, racks, List.of(Set.of("db1", "db2")));
        List.of(running).forEach(budget::add);
        return budget;
    }

    /** A migration without a planned rate. */
    private static Action alone(String vm, String from, String to) {
        ObjectNode parameters = JsonNodeFactory.instance
                .objectNode()
                .put("resource_id", vm)
                .put("source_node", from)
                .put("destination_node", to);
        return Action.pending(UUID.randomUUID(), "migrate", List.of(), "", parameters, Instant.EPOCH);
    }

    /** A migration that is planned with these rates in Mbit/s, one after another. */
    private static Action planned(String vm, String from, String to, int... megabits) {
        Action action = alone(vm, from, to);
        ObjectNode parameters = (ObjectNode) action.parameters();
        for (String host : List.of("source", "destination")) {
            parameters.withObject("/observed/%s/link".formatted(host)).put("bitsPerSecond", LINK);
        }
        var steps = parameters.withObject("/schedule").putArray("bandwidth");
        for (int rate : megabits) {
            steps.addObject().put("from", 0).put("bits_per_second", rate * 1_000_000L);
        }
        return action;
    }

    @Test
    void aHostIsTheSourceOfNoMoreMigrationsThanItsOperatorPermits() {
        concurrent = 2;
        Action a = planned("a", "h1", "h2", 100);
        Action b = planned("b", "h1", "h3", 100);
        Action c = planned("c", "h1", "h4", 100);

        assertThat(budget(a).fits(b)).isTrue();
        assertThat(budget(a, b).fits(c)).isFalse();
        assertThat(budget(a, b).fits(planned("d", "h5", "h1", 100)))
                .as("arrivals do not count")
                .isTrue();
        concurrent = 0;
        assertThat(budget(a, b).fits(c)).as("any number").isTrue();
    }

    @Test
    void plannedRatesMayNotExceedALink() {
        Action half = planned("a", "h1", "h2", 500, 1000);
        assertThat(budget(half).fits(planned("b", "h1", "h3", 500)))
                .as("out of h1: 500 + 500")
                .isTrue();
        assertThat(budget(half).fits(planned("b", "h1", "h3", 600))).isFalse();
        assertThat(budget(half).fits(planned("b", "h3", "h2", 600)))
                .as("into h2: 500 + 600")
                .isFalse();
        assertThat(budget(half).fits(planned("b", "h2", "h1", 1000)))
                .as("links are full duplex")
                .isTrue();
    }

    @Test
    void aMigrationWithoutAPlannedRateTakesHalfOfItsLinksAndOnePlace() {
        assertThat(budget(alone("a", "h1", "h2")).fits(planned("b", "h1", "h3", 500)))
                .isTrue();
        assertThat(budget(alone("a", "h1", "h2")).fits(planned("b", "h1", "h3", 600)))
                .as("out of h1: half + 600")
                .isFalse();
        assertThat(budget(planned("a", "h1", "h2", 600)).fits(alone("b", "h3", "h2")))
                .as("into h2: 600 + half")
                .isFalse();
        assertThat(budget(alone("a", "h1", "h2"), alone("b", "h1", "h3")).fits(alone("c", "h1", "h4")))
                .as("three halves")
                .isFalse();
        assertThat(budget(alone("a", "h1", "h2")).fits(planned("b", "h2", "h1", 1000)))
                .as("the other direction is free")
                .isTrue();
        concurrent = 1;
        assertThat(budget(alone("a", "h1", "h2")).fits(planned("b", "h1", "h3", 100)))
                .as("the one place of h1")
                .isFalse();
    }

    @Test
    void whatAMigrationReservesIsItsRateIfNothingElseIsPlanned() {
        Action reserving = planned("a", "h1", "h2");
        ((ObjectNode) reserving.parameters()).put("reservation", 300_000_000);

        assertThat(budget(reserving).fits(planned("b", "h1", "h3", 700))).isTrue();
        assertThat(budget(reserving).fits(planned("b", "h1", "h3", 800))).isFalse();
    }

    @Test
    void aCopyIsIndependent() {
        MigrationBudget original = budget(planned("a", "h1", "h2", 500));
        MigrationBudget copy = original.copy();
        copy.add(planned("b", "h1", "h3", 500));

        assertThat(copy.fits(planned("c", "h1", "h4", 500))).isFalse();
        assertThat(original.fits(planned("c", "h1", "h4", 500))).isTrue();
        assertThat(original.fits(planned("b", "h1", "h4", 500))).isTrue();
    }

    @Test
    void somethingAlwaysFitsIntoAnEmptyBudget() {
        assertThat(budget().fits(planned("a", "h1", "h2", 2000))).isTrue();
    }

    @Test
    void aVmIsInOneMigrationAndAntiAffinityHoldsOnDisjointHosts() {
        assertThat(budget(planned("a", "h1", "h2", 100)).fits(planned("a", "h3", "h4", 100)))
                .isFalse();
        assertThat(budget(planned("db1", "h1", "h2", 100)).fits(planned("db2", "h3", "h4", 100)))
                .isFalse();
        assertThat(budget(planned("db1", "h1", "h2", 100)).fits(planned("a", "h3", "h4", 100)))
                .isTrue();
    }

    @Test
    void aLinkBetweenRacksIsShared() {
        racks = new Racks(
                Map.of("h1", "a", "h2", "a", "h3", "b", "h4", "b"), RackLink.between("a", "b", new Bandwidth(LINK)));
        Action first = planned("a", "h1", "h3", 600);

        assertThat(budget(first).fits(planned("b", "h2", "h4", 400))).isTrue();
        assertThat(budget(first).fits(planned("b", "h2", "h4", 600))).isFalse();
        assertThat(budget(first).fits(planned("b", "h4", "h2", 600)))
                .as("the other direction")
                .isTrue();
        assertThat(budget(first).fits(alone("b", "h2", "h4"))).as("600 + half").isFalse();
        assertThat(budget(planned("a", "h1", "h3", 500)).fits(alone("b", "h2", "h4")))
                .isTrue();
        assertThat(budget(first).fits(alone("b", "h2", "h1")))
                .as("within a rack")
                .isTrue();
    }
}
