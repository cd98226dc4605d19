package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderPlanTest {

    private static final List<String> ALL = OrderPlan.all(List.of("NO", "M", "C", "NI"));

    private static Map<String, List<Double>> onceEach() {
        Map<String, List<Double>> runs = new HashMap<>();
        for (int i = 0; i < ALL.size(); i++) {
            runs.put(ALL.get(i), new ArrayList<>(List.of(10.0 + i)));
        }
        return runs;
    }

    @Test
    void fourGuestsHave24Orders() {
        assertThat(ALL).hasSize(24).doesNotHaveDuplicates().contains("NO-M-C-NI", "NI-C-M-NO");
        assertThat(OrderPlan.all(List.of("a", "b"))).containsExactly("a-b", "b-a");
    }

    @Test
    void eachOrderIsMeasuredOnceFirst() {
        Map<String, List<Double>> runs = new HashMap<>();
        assertThat(OrderPlan.next(ALL, Optional.empty(), runs)).contains(ALL.get(0));
        runs.put(ALL.get(0), List.of(9.0));
        assertThat(OrderPlan.next(ALL, Optional.empty(), runs)).contains(ALL.get(1));
    }

    /** The times are 10 to 33 s in the order of the list: the first three are the best, the last three the worst; ours is the tenth. */
    @Test
    void thenTheExtremesAndOursThreeTimesInTurn() {
        Map<String, List<Double>> runs = onceEach();
        List<String> measured = new ArrayList<>();
        Optional<String> next = OrderPlan.next(ALL, Optional.of(ALL.get(9)), runs);
        while (next.isPresent()) {
            measured.add(next.get());
            // later measurements do not change what is compared
            runs.get(next.get()).add(100.0);
            next = OrderPlan.next(ALL, Optional.of(ALL.get(9)), runs);
        }
        List<String> round =
                List.of(ALL.get(0), ALL.get(1), ALL.get(2), ALL.get(21), ALL.get(22), ALL.get(23), ALL.get(9));
        assertThat(measured).hasSize(21);
        assertThat(measured.subList(0, 7)).containsExactlyInAnyOrderElementsOf(round);
        assertThat(measured.subList(7, 14)).containsExactlyInAnyOrderElementsOf(round);
        assertThat(measured.subList(14, 21)).containsExactlyInAnyOrderElementsOf(round);
    }
}
