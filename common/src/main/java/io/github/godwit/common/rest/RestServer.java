package io.github.godwit.common.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.ListenAddress;
import io.github.godwit.common.tls.ServerTls;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.http.server.ServerConfiguration;
import org.glassfish.grizzly.memory.HeapMemoryManager;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;
import org.glassfish.jersey.jackson.JacksonFeature;
import org.glassfish.jersey.media.sse.SseFeature;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves a REST API with JSON, server-sent events and limits on what clients send. */
public final class RestServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    private static final int IDLE_SECONDS = 60;
    private static final int READ_SECONDS = 10;
    private static final long LAST_REQUESTS_SECONDS = 2;

    private final HttpServer server;

    /**
     * Limits of a server.
     *
     * @param workers     most requests that are answered at once
     * @param headerBytes most bytes of a request's headers
     * @param bodyBytes   most bytes of a request's body
     */
    public record Limits(int workers, int headerBytes, int bodyBytes) {}

    private RestServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param listen    address and port; port 0 takes a free one
     * @param tls       speaks HTTPS; empty for HTTP
     * @param limits    how much is accepted
     * @param json      reads and writes records
     * @param errors    answers every failure
     * @param resources routes, filters and features
     * @throws IOException when the address cannot be listened on
     */
    public static RestServer start(
            InetSocketAddress listen,
            Optional<ServerTls> tls,
            Limits limits,
            ObjectMapper json,
            ExceptionMapper<Throwable> errors,
            List<?> resources)
            throws IOException {
        ResourceConfig application = new ResourceConfig()
                .property(CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true)
                .property(ServerProperties.WADL_FEATURE_DISABLE, true)
                .register(JacksonFeature.withoutExceptionMappers())
                .register(SseFeature.class)
                .register(new Mapper(json))
                .register(errors)
                .register(new BodyLimit(limits.bodyBytes()));
        for (Object resource : resources) {
            if (resource instanceof Class<?> feature) {
                application.register(feature);
            } else {
                application.register(resource);
            }
        }
        URI base = URI.create("%s://%s:%d/"
                .formatted(tls.isPresent() ? "https" : "http", ListenAddress.hostOf(listen), listen.getPort()));
        HttpServer server = GrizzlyHttpServerFactory.createHttpServer(
                base, application, tls.isPresent(), tls.map(TlsEngines::new).orElse(null), false);
        ServerConfiguration handlers = server.getServerConfiguration();
        Map.copyOf(handlers.getHttpHandlersWithMapping()).forEach((jersey, mapping) -> {
            handlers.removeHttpHandler(jersey);
            handlers.addHttpHandler(new SoundRequests(jersey, errors, json), mapping);
        });
        for (NetworkListener listener : server.getListeners()) {
            listener.getTransport().setSelectorRunnersCount(1);
            listener.getTransport().setReadTimeout(READ_SECONDS, TimeUnit.SECONDS);
            listener.getTransport().setWriteTimeout(IDLE_SECONDS, TimeUnit.SECONDS);
            listener.getTransport().setMemoryManager(new HeapMemoryManager());
            listener.getTransport()
                    .setWorkerThreadPoolConfig(ThreadPoolConfig.defaultConfig()
                            .setPoolName("rest")
                            .setCorePoolSize(1)
                            .setMaxPoolSize(limits.workers())
                            .setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS));
            listener.getKeepAlive().setIdleTimeoutInSeconds(IDLE_SECONDS);
            listener.setMaxHttpHeaderSize(limits.headerBytes());
        }
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("Cannot listen on %s: %s".formatted(listen, e.getMessage()), e);
        }
        return new RestServer(server);
    }

    /** The port it listens on. */
    public int port() {
        return server.getListeners().iterator().next().getPort();
    }

    /** Stops accepting requests and waits for those that run. */
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

    private static final class Mapper implements ContextResolver<ObjectMapper> {
        private final ObjectMapper json;

        Mapper(ObjectMapper json) {
            this.json = json;
        }

        @Override
        public ObjectMapper getContext(Class<?> type) {
            return json;
        }
    }
}
