package io.github.godwit.strategy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final Throttle throttle = new Throttle("sign-ins", 3, Duration.ofMinutes(1), clock);

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            throttle.attempt(address);
        }
    }

    private void assertRefused(String address) {
        assertThatThrownBy(() -> throttle.attempt(address))
                .isInstanceOf(ServiceRefusal.class)
                .hasMessage("Too many sign-ins from %s. At most 3 may fail within 60 s.".formatted(address));
    }

    @Test
    void anAddressThatFailsTooOftenWaitsUntilTheEndOfItsMinute() {
        fail("10.0.0.1", 3);
        now = now.plusSeconds(20);
        assertThatThrownBy(() -> throttle.attempt("10.0.0.1"))
                .isInstanceOfSatisfying(
                        ServiceRefusal.class,
                        refusal -> assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(40)));
        assertThatCode(() -> throttle.attempt("10.0.0.2")).doesNotThrowAnyException();
        now = now.plusSeconds(41);
        assertThatCode(() -> throttle.attempt("10.0.0.1")).doesNotThrowAnyException();
    }

    @Test
    void attemptsThatSucceedDoNotCount() {
        for (int i = 0; i < 10; i++) {
            throttle.attempt("10.0.0.1");
            throttle.succeeded("10.0.0.1");
        }
        fail("10.0.0.1", 3);
        assertRefused("10.0.0.1");
    }

    @Test
    void addressesOfOneNetworkOfIpv6CountAsOne() {
        fail("2001:db8:0:1::1", 1);
        fail("2001:db8:0:1::2", 2);
        assertRefused("2001:db8:0:1:ffff::3");
        assertThatCode(() -> throttle.attempt("2001:db8:0:2::1")).doesNotThrowAnyException();
    }

    /** So many addresses neither fill the memory nor push out those that are known. */
    @Test
    void addressesBeyondTheFirstTenThousandCountAsOne() {
        fail("192.0.2.1", 3);
        for (int i = 1; i < Throttle.MOST_ADDRESSES; i++) {
            throttle.attempt("10.1.%d.%d".formatted(i / 256, i % 256));
        }
        fail("198.51.100.1", 1);
        fail("198.51.100.2", 2);
        assertRefused("198.51.100.3");
        assertRefused("192.0.2.1");
    }
}
