package io.github.godwit.host.scatter.store;

import io.github.godwit.common.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * A connection to Redis. The ends of a migration remove its batches. If both hosts are lost before that, Redis removes each batch
 * {@link #LIFETIME} after it was stored.
 */
public final class RedisStore implements BatchStore {

    /** Longer than a VM waits for an operator who is away for some days, and its batches with it. */
    public static final Duration LIFETIME = Duration.ofDays(7);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final SetParams EXPIRING = SetParams.setParams().ex(LIFETIME.toSeconds());
    private static final int SCAN_COUNT = 1_000;
    private static final String NEVER_EVICTS = "maxmemory_policy:noeviction";

    private final String name;
    private final Optional<Long> limit;
    private final RedisSockets sockets;
    private final Jedis redis;

    private RedisStore(Intermediary intermediary, RedisSockets sockets, Jedis redis) {
        this.name = intermediary.name();
        this.limit = intermediary.memory().map(memory -> memory.bytes());
        this.sockets = sockets;
        this.redis = redis;
    }

    /** Connections to an intermediary. */
    public static Factory factory(Intermediary intermediary) {
        return new Factory() {
            @Override
            public BatchStore open() throws IOException {
                return connect(intermediary);
            }

            @Override
            public String name() {
                return intermediary.name();
            }
        };
    }

    private static RedisStore connect(Intermediary intermediary) throws IOException {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) PATIENCE.toMillis())
                .socketTimeoutMillis((int) PATIENCE.toMillis());
        if (intermediary.passwordFile().isPresent()) {
            String[] login = password(intermediary.passwordFile().get()).split(":", 2);
            config.password(login[login.length - 1]);
            if (login.length > 1) {
                config.user(login[0]);
            }
        }
        RedisSockets sockets = new RedisSockets(intermediary, PATIENCE);
        try {
            Jedis redis = new Jedis(sockets, config.build());
            redis.ping();
            return new RedisStore(intermediary, sockets, redis);
        } catch (JedisException e) {
            sockets.close();
            throw failure(intermediary.name(), e);
        }
    }

    private static String password(Path file) throws IOException {
        try {
            return SecretFile.read("password of an intermediary", file);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static IOException failure(String name, JedisException e) {
        return new IOException("Intermediary %s: %s".formatted(name, e.getMessage()), e);
    }

    @Override
    public void put(Map<String, byte[]> batches) throws IOException {
        try {
            Pipeline pipeline = redis.pipelined();
            List<Response<String>> answers = batches.entrySet().stream()
                    .map(batch -> pipeline.set(bytes(batch.getKey()), batch.getValue(), EXPIRING))
                    .toList();
            pipeline.sync();
            answers.forEach(Response::get); // fails where Redis refused
        } catch (JedisException e) {
            throw failure(name, e);
        }
    }

    @Override
    public Optional<byte[]> get(String key) throws IOException {
        try {
            return Optional.ofNullable(redis.get(bytes(key)));
        } catch (JedisException e) {
            throw failure(name, e);
        }
    }

    @Override
    public Optional<byte[]> get(String key, int offset, int length) throws IOException {
        try {
            byte[] found = redis.getrange(bytes(key), offset, offset + length - 1L);
            return Optional.ofNullable(found).filter(bytes -> bytes.length > 0);
        } catch (JedisException e) {
            throw failure(name, e);
        }
    }

    @Override
    public long removeAll(String prefix) throws IOException {
        try {
            long removed = 0;
            ScanParams wanted = new ScanParams().match(prefix + "*").count(SCAN_COUNT);
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> found = redis.scan(cursor, wanted);
                if (!found.getResult().isEmpty()) {
                    removed += redis.unlink(found.getResult().toArray(String[]::new));
                }
                cursor = found.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
            return removed;
        } catch (JedisException e) {
            throw failure(name, e);
        }
    }

    @Override
    public long room() throws IOException {
        try {
            String info = redis.info("memory");
            long used = figure(info, "used_memory");
            long own = figure(info, "maxmemory");
            if (own > 0 && info.lines().noneMatch(NEVER_EVICTS::equals)) {
                throw new IOException(
                        "Intermediary %s throws away what it was given: set maxmemory-policy to noeviction"
                                .formatted(name));
            }
            if (own <= 0 && limit.isEmpty()) {
                throw new IOException(
                        "Intermediary %s takes all memory of its host, because nothing limits it: set its maxmemory, or \"memory\" in the file of intermediaries"
                                .formatted(name));
            }
            return Math.max(0, Math.min(limit.orElse(Long.MAX_VALUE), own > 0 ? own : Long.MAX_VALUE) - used);
        } catch (JedisException e) {
            throw failure(name, e);
        }
    }

    private static long figure(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> Long.parseLong(line.substring(name.length() + 1).strip()))
                .findFirst()
                .orElse(0L);
    }

    /** {@inheritDoc} The connection is closed first: what is about to be written would keep Jedis waiting. */
    @Override
    public void close() {
        sockets.close();
        try {
            redis.close();
        } catch (JedisException e) {
            // The connection is gone, which is what was wanted.
            assert e != null;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
