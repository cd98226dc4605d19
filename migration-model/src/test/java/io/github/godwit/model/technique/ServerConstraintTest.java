package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tenants narrow what flavors allow, and never widen it. */
class ServerConstraintTest {

    /** The last column has the techniques that are left of POST, PRE, THR and MULTIFD. */
    @ParameterizedTest(name = "flavor {0}, metadata {1}: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // flavor        | metadata   | left
                "-               | -          | POST PRE THR MULTIFD",
                "''              | ' '        | POST PRE THR MULTIFD",
                "-               | THR        | THR",
                "-               | !THR       | POST PRE MULTIFD",
                "-               | nova       | ''",
                "THR             | -          | THR",
                "!POST           | -          | PRE THR MULTIFD",
                "nova            | -          | ''",
                // The metadata excludes more.
                "!POST           | !THR       | PRE MULTIFD",
                "THR             | !POST      | THR",
                "THR             | !THR       | ''",
                // It pins one that the flavor allows.
                "THR             | THR        | THR",
                "!POST           | THR        | THR",
                // It leaves the server to Nova.
                "THR             | nova       | ''",
                "!POST           | NOVA       | ''",
            })
    void the_metadata_narrows_what_the_flavor_allows(String flavor, String metadata, String left) {
        ServerConstraint both = ServerConstraint.of(flavor, metadata);

        assertThat(left(both)).isEqualTo(left);
        assertThat(both.warnings()).isEmpty();
    }

    @ParameterizedTest(name = "flavor {0}, metadata {1}: {2}, {3}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // flavor        | metadata   | left                 | warning
                // The metadata does not widen.
                "THR             | POST       | THR                  | its flavor does not allow POST",
                "!POST           | POST       | PRE THR MULTIFD      | its flavor does not allow POST",
                "!POST           | POST,!PRE  | THR MULTIFD          | its flavor does not allow POST",
                "nova            | POST       | ''                   | its flavor does not allow POST",
                // A value that nobody understands is as good as none.
                "-               | WARP       | POST PRE THR MULTIFD | server's metadata is ignored: There is no technique 'WARP'",
                "THR             | !WARP      | THR                  | server's metadata is ignored: There is no technique 'WARP'",
                "-               | POST,PRE   | POST PRE THR MULTIFD | server's metadata is ignored: godwit:technique 'POST,PRE' pins two",
                "WARP            | THR        | THR                  | flavor's extra specs is ignored: There is no technique 'WARP'",
                "WARP            | -          | POST PRE THR MULTIFD | flavor's extra specs is ignored: There is no technique 'WARP'",
            })
    void what_is_ignored_costs_a_warning(String flavor, String metadata, String left, String warning) {
        ServerConstraint both = ServerConstraint.of(flavor, metadata);

        assertThat(left(both)).isEqualTo(left);
        assertThat(both.warnings()).singleElement().asString().contains(warning);
    }

    private static String left(ServerConstraint both) {
        Set<Technique> available =
                both.constraint().of(TechniqueAvailability.all()).available();
        return Arrays.stream(new Technique[] {
                    Technique.POST_COPY, Technique.PRE_COPY, Technique.AUTO_CONVERGE, Technique.MULTIFD
                })
                .filter(available::contains)
                .map(Technique::id)
                .collect(Collectors.joining(" "));
    }
}
