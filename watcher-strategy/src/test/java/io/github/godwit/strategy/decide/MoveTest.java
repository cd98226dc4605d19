package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MoveTest {

    /** Whatever else a move has. */
    @Test
    void moreSentencesChangeNothingButTheReason() throws Exception {
        RecordComponent[] parts = Move.class.getRecordComponents();
        Constructor<Move> canonical = Move.class.getDeclaredConstructor(
                Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new));
        Object[] values = Arrays.stream(parts)
                .map(part -> part.getType() == List.class ? List.of("h9") : part.getName())
                .toArray();
        Move move = canonical.newInstance(values);

        Move said = move.saying(" More.");

        for (RecordComponent part : parts) {
            Object before = part.getAccessor().invoke(move);
            assertThat(part.getAccessor().invoke(said))
                    .as(part.getName())
                    .isEqualTo(part.getName().equals("reason") ? before + " More." : before);
        }
    }
}
