package io.github.godwit.host.nova;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which outcomes are measurements of a technique and of memory alone. */
class OutcomeMarkTest {

    @ParameterizedTest
    @CsvSource({
        // refused, flags, disk bytes, figures: part of the mark
        ",     27,   0, true, ",
        ",     27,   0, false, ",
        ",     155,  0, true, ",
        ",     155,  0, false, may include the copy of local disks",
        ",     91,   0, false, may include the copy of local disks",
        ",     155,  7, true, 'local disks, 7 bytes'",
        ",     27,   7, true, 'local disks, 7 bytes'",
        "POST, 27,   0, true, had not carried out POST",
    })
    void marks(String refused, long flags, long diskBytes, boolean figures, String mark) {
        Optional<String> found = OutcomeMark.incomparable(Optional.ofNullable(refused), flags, diskBytes, figures);
        if (mark == null) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).hasValueSatisfying(text -> assertThat(text).contains(mark));
        }
    }
}
