package io.github.godwit.strategy.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.godwit.nova.Keystone.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Remembers whose a token is until the token ends or has to be asked for again; of an unknown one, only shortly that it is. The
 * tokens themselves are not kept, only their SHA-256.
 */
final class TokenCache {

    private static final int MOST = 10_000;
    private static final Duration UNKNOWN = Duration.ofSeconds(10);

    private final Function<String, Optional<Caller>> source;
    private final Cache<String, Optional<Caller>> callers;

    /**
     * A cache.
     *
     * @param source finds out whose a token is; where it fails, nothing is remembered and the failure goes to who asked
     * @param keep   the longest that anything is remembered
     * @param clock  tells the time
     */
    TokenCache(Function<String, Optional<Caller>> source, Duration keep, Clock clock) {
        this.source = source;
        this.callers = Caffeine.newBuilder()
                .maximumSize(MOST)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .expireAfter(Expiry.<String, Optional<Caller>>creating((hash, caller) -> kept(caller, keep, clock)))
                .build();
    }

    Optional<Caller> caller(String token) {
        return callers.get(sha256(token), hash -> source.apply(token));
    }

    private static Duration kept(Optional<Caller> caller, Duration keep, Clock clock) {
        Duration valid = caller.map(known -> Duration.between(clock.instant(), known.expires()))
                .orElse(UNKNOWN);
        return valid.compareTo(keep) < 0 ? valid : keep;
    }

    private static String sha256(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
