package io.github.godwit.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "h1, h1, true",
        "h1, H1, true",
        "h1, h1.example.org, true",
        "H1, h1.example.org, true",
        "h1.example.org, H1.Example.org, true",
        "h1, h10, false",
        "h1, h10.example.org, false",
        "h1.a, h1.b, false",
        "h1.example, h1.example.org, false",
        "'', .example.org, false"
    })
    void namesOfTheSameHostDifferInCaseOrInTheDomain(String one, String other, boolean same) {
        assertThat(HostName.same(one, other)).isEqualTo(same);
        assertThat(HostName.same(other, one)).isEqualTo(same);
    }
}
