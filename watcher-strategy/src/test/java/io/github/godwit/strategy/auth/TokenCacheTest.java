package io.github.godwit.strategy.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.nova.Keystone.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenCacheTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<String> asked = new ArrayList<>();
    private Instant now = START;
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private Optional<Caller> answer =
            Optional.of(new Caller("1", "ann", "p", Set.of("admin"), START.plusSeconds(3600)));
    private final TokenCache cache = new TokenCache(
            token -> {
                asked.add(token);
                return answer;
            },
            Duration.ofMinutes(5),
            clock);

    private void pass(long seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void aTokenIsValidatedAgainAfterTheCacheTime() {
        cache.caller("a");
        pass(299);
        assertThat(cache.caller("a")).isEqualTo(answer);
        assertThat(asked).hasSize(1);
        pass(2);
        cache.caller("a");
        assertThat(asked).hasSize(2);
    }

    @Test
    void aTokenIsNotCachedBeyondItsExpiry() {
        answer = Optional.of(new Caller("1", "ann", "p", Set.of(), START.plusSeconds(20)));
        cache.caller("a");
        answer = Optional.empty();
        pass(19);
        assertThat(cache.caller("a")).isPresent();
        pass(2);
        assertThat(cache.caller("a")).isEmpty();
    }

    @Test
    void anUnknownTokenIsCachedForAShortTime() {
        answer = Optional.empty();
        cache.caller("a");
        cache.caller("a");
        cache.caller("b");
        assertThat(asked).containsExactly("a", "b");
        pass(11);
        cache.caller("a");
        assertThat(asked).containsExactly("a", "b", "a");
    }

    @Test
    void aFailureIsNotCached() {
        TokenCache failing = new TokenCache(
                token -> {
                    asked.add(token);
                    throw new IllegalStateException("away");
                },
                Duration.ofMinutes(5),
                clock);
        assertThatThrownBy(() -> failing.caller("a")).hasMessage("away");
        assertThatThrownBy(() -> failing.caller("a")).hasMessage("away");
        assertThat(asked).hasSize(2);
    }

    @Test
    void aClockThatGoesBackDoesNotExtendATokenBeyondItsExpiry() {
        Instant expiry = START.plusSeconds(20);
        answer = Optional.of(new Caller("1", "ann", "p", Set.of(), expiry));
        cache.caller("a");
        pass(-3600);
        assertThat(cache.caller("a")).isPresent();
        answer = Optional.empty();

        now = expiry.plusSeconds(1);
        assertThat(cache.caller("a")).isEmpty();
    }

    @Test
    void aClockThatGoesForwardOnlyCausesTokensToBeValidatedAgain() {
        cache.caller("a");
        pass(3000);
        assertThat(cache.caller("a")).isEqualTo(answer);
        assertThat(asked).hasSize(2);
    }
}
