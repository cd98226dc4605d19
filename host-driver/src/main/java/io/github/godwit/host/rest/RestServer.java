package io.github.godwit.host.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.hostapi.WireJson;
import jakarta.ws.rs.ext.ContextResolver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.memory.HeapMemoryManager;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;
import org.glassfish.jersey.jackson.JacksonFeature;
import org.glassfish.jersey.media.sse.SseFeature;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.validation.ValidationFeature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the REST API with few threads and little memory. */
public final class RestServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    private static final int MOST_WORKERS = 8;
    private static final int IDLE_SECONDS = 60;
    private static final int HEADER_BYTES = 8 << 10;
    private static final long LAST_REQUESTS_SECONDS = 2;

    private final HttpServer server;

    private RestServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param listen    address and port; port 0 takes a free one
     * @param resources the routes
     * @param token     what callers must know, if anything
     * @throws IllegalArgumentException when others than this host can reach the address and there is no token
     * @throws IOException              when the address cannot be listened on
     */
    public static RestServer start(InetSocketAddress listen, List<?> resources, Optional<Token> token)
            throws IOException {
        requireToken(listen, token);
        URI base = URI.create("http://%s:%d/".formatted(hostOf(listen), listen.getPort()));
        HttpServer server = GrizzlyHttpServerFactory.createHttpServer(base, application(resources, token), false);
        for (NetworkListener listener : server.getListeners()) {
            listener.getTransport().setSelectorRunnersCount(1);
            listener.getTransport().setMemoryManager(new HeapMemoryManager());
            listener.getTransport()
                    .setWorkerThreadPoolConfig(ThreadPoolConfig.defaultConfig()
                            .setPoolName("rest")
                            .setCorePoolSize(1)
                            .setMaxPoolSize(MOST_WORKERS)
                            .setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS));
            listener.getKeepAlive().setIdleTimeoutInSeconds(IDLE_SECONDS);
            listener.setMaxHttpHeaderSize(HEADER_BYTES);
        }
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("Cannot listen on %s: %s".formatted(listen, e.getMessage()), e);
        }
        return new RestServer(server);
    }

    /**
     * Anyone who reaches an agent can move and end VMs, so only a loopback address may go without a token.
     *
     * @throws IllegalArgumentException when there is none and the address needs one
     */
    public static void requireToken(InetSocketAddress listen, Optional<Token> token) {
        if (token.isEmpty() && !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "%s can be reached from other hosts: give a --token-file (make one with: openssl rand -hex 32 > FILE), or listen on 127.0.0.1."
                            .formatted(listen));
        }
    }

    private static ResourceConfig application(List<?> resources, Optional<Token> token) {
        ResourceConfig application = new ResourceConfig()
                .property(CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true)
                .property(ServerProperties.WADL_FEATURE_DISABLE, true)
                .register(JacksonFeature.withoutExceptionMappers())
                .register(SseFeature.class)
                .register(ValidationFeature.class)
                .register(new MapperResolver())
                .register(new ErrorMapper())
                .register(new ViolationMapper())
                .register(new BodyLimit())
                .register(new UpgradeRefusal())
                .register(new RequestLog());
        token.ifPresent(secret -> application.register(new TokenFilter(secret)));
        resources.forEach(application::register);
        return application;
    }

    private static String hostOf(InetSocketAddress listen) {
        String host = listen.getAddress().getHostAddress();
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** The port it listens on. */
    public int port() {
        return server.getListeners().iterator().next().getPort();
    }

    /** Stops accepting and lets requests that run end. */
    @Override
    public void close() {
        try {
            server.shutdown(LAST_REQUESTS_SECONDS, TimeUnit.SECONDS).get(2 * LAST_REQUESTS_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The REST server did not end in order", e);
            server.shutdownNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.shutdownNow();
        }
    }

    private static final class MapperResolver implements ContextResolver<ObjectMapper> {
        private final ObjectMapper mapper = WireJson.strictMapper();

        @Override
        public ObjectMapper getContext(Class<?> type) {
            return mapper;
        }
    }
}
