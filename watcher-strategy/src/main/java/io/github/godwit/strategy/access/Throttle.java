package io.github.godwit.strategy.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the failed attempts of each remote address in a time. Addresses of IPv6 count by their first 64 bits, which one client may have to
 * itself. Of the addresses beyond the first 10,000 all count as one, so that the memory is bounded and no flood of addresses makes room for
 * others. Thread-safe.
 */
public final class Throttle {

    static final int MOST_ADDRESSES = 10_000;

    private static final int NETWORK_BYTES = 8;
    private static final String OTHERS = "others";

    private record Attempts(Instant until, AtomicInteger count) {}

    private final String what;
    private final int most;
    private final Duration window;
    private final Clock clock;
    private final Cache<String, Attempts> byAddress;

    /**
     * Creates a limit.
     *
     * @param what   what is attempted, in the plural, for the refusal
     * @param most   failed attempts of an address in the time
     * @param window the time
     * @param clock  current time
     */
    public Throttle(String what, int most, Duration window, Clock clock) {
        this.what = what;
        this.most = most;
        this.window = window;
        this.clock = clock;
        this.byAddress = Caffeine.newBuilder()
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .expireAfterWrite(window)
                .build();
    }

    /**
     * Begins an attempt; it counts as failed unless {@link #succeeded} is called.
     *
     * @throws ServiceRefusal if the address has failed too often
     */
    public void attempt(String address) {
        Attempts attempts =
                byAddress.get(key(address), key -> new Attempts(clock.instant().plus(window), new AtomicInteger()));
        if (attempts.count().incrementAndGet() > most) {
            attempts.count().decrementAndGet();
            Duration wait = Duration.between(clock.instant(), attempts.until());
            throw ServiceRefusal.busy(
                    "Too many %s from %s. At most %d may fail within %d s."
                            .formatted(what, address, most, window.toSeconds()),
                    wait);
        }
    }

    /** Takes back an attempt, because it succeeded or was not the client's fault. */
    public void succeeded(String address) {
        Attempts attempts = byAddress.getIfPresent(key(address));
        if (attempts != null) {
            attempts.count().updateAndGet(count -> Math.max(0, count - 1));
        }
    }

    private String key(String address) {
        String network = network(address);
        if (byAddress.getIfPresent(network) != null || byAddress.estimatedSize() < MOST_ADDRESSES) {
            return network;
        }
        byAddress.cleanUp();
        return byAddress.estimatedSize() < MOST_ADDRESSES ? network : OTHERS;
    }

    private static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, NETWORK_BYTES)));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
