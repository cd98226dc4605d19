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
 * Caches the users of valid tokens until the token expires or has to be validated again. Unknown tokens are cached for a short time.
 * Only the SHA-256 of each token is stored.
 */
final class TokenCache {

    private static final int MAX_TOKENS = 10_000;
    private static final Duration UNKNOWN_TOKEN = Duration.ofSeconds(10);

    private final Function<String, Optional<Caller>> source;
    private final Cache<String, Optional<Caller>> callers;

    /**
     * Creates a cache.
     *
     * @param source returns the user of a token, or nothing for an unknown token; its exceptions are passed on and not cached
     * @param maxAge   maximum time in the cache
     * @param clock  current time
     */
    TokenCache(Function<String, Optional<Caller>> source, Duration maxAge, Clock clock) {
        this.source = source;
        this.callers = Caffeine.newBuilder()
                .maximumSize(MAX_TOKENS)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .expireAfter(
                        Expiry.<String, Optional<Caller>>creating((hash, caller) -> cacheTime(caller, maxAge, clock)))
                .build();
    }

    /** Returns what is known of a token without asking for it: its user, no user for an unknown token, or nothing. */
    Optional<Optional<Caller>> cached(String token) {
        return Optional.ofNullable(callers.getIfPresent(sha256(token)));
    }

    Optional<Caller> caller(String token) {
        return callers.get(sha256(token), hash -> source.apply(token));
    }

    private static Duration cacheTime(Optional<Caller> caller, Duration maxAge, Clock clock) {
        Duration valid = caller.map(known -> Duration.between(clock.instant(), known.expires()))
                .orElse(UNKNOWN_TOKEN);
        return valid.compareTo(maxAge) < 0 ? valid : maxAge;
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
