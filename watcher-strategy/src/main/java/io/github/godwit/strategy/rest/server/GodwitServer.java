package io.github.godwit.strategy.rest.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.BodyFilter;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.GuardFilter;
import io.github.godwit.strategy.rest.MetricsFilter;
import io.github.godwit.strategy.rest.ServiceErrorMapper;
import io.github.godwit.strategy.rest.SessionResource;
import io.github.godwit.strategy.rest.VersionFilter;
import io.github.godwit.strategy.rest.godwit.EventsResource;
import io.github.godwit.strategy.rest.godwit.HealthResource;
import io.github.godwit.strategy.rest.godwit.HostMigrationsResource;
import io.github.godwit.strategy.rest.godwit.HostsResource;
import io.github.godwit.strategy.rest.godwit.MetricsResource;
import io.github.godwit.strategy.rest.godwit.OutcomesResource;
import io.github.godwit.strategy.rest.godwit.PageResource;
import io.github.godwit.strategy.rest.godwit.PoliciesResource;
import io.github.godwit.strategy.rest.godwit.PredictionsResource;
import io.github.godwit.strategy.rest.godwit.ServiceOpenApiResource;
import io.github.godwit.strategy.rest.godwit.SolutionsResource;
import io.github.godwit.strategy.rest.infraoptim.ActionPlansResource;
import io.github.godwit.strategy.rest.infraoptim.ActionsResource;
import io.github.godwit.strategy.rest.infraoptim.AuditTemplatesResource;
import io.github.godwit.strategy.rest.infraoptim.AuditsResource;
import io.github.godwit.strategy.rest.infraoptim.DataModelResource;
import io.github.godwit.strategy.rest.infraoptim.GoalsResource;
import io.github.godwit.strategy.rest.infraoptim.RootResource;
import io.github.godwit.strategy.rest.infraoptim.ScoringEnginesResource;
import io.github.godwit.strategy.rest.infraoptim.ServicesResource;
import io.github.godwit.strategy.rest.infraoptim.StrategiesResource;
import io.github.godwit.strategy.rest.infraoptim.WebhooksResource;
import jakarta.ws.rs.ext.ContextResolver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;
import org.glassfish.jersey.jackson.JacksonFeature;
import org.glassfish.jersey.media.sse.SseFeature;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the REST API and the page. */
public final class GodwitServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GodwitServer.class);
    private static final int MOST_WORKERS = 32;
    private static final int IDLE_SECONDS = 60;
    private static final int HEADER_BYTES = 16 << 10;
    private static final long LAST_REQUESTS_SECONDS = 1;

    private final HttpServer server;

    private GodwitServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param listen address and port; port 0 takes a free one
     * @param api    what the routes work with
     * @param guard  lets requests pass or not
     * @throws IOException when the address cannot be listened on
     */
    public static GodwitServer start(InetSocketAddress listen, Api api, Guard guard) throws IOException {
        String host = listen.getAddress().getHostAddress();
        URI base =
                URI.create("http://%s:%d/".formatted(host.contains(":") ? "[" + host + "]" : host, listen.getPort()));
        HttpServer server = GrizzlyHttpServerFactory.createHttpServer(base, application(api, guard), false);
        for (NetworkListener listener : server.getListeners()) {
            listener.getTransport()
                    .setWorkerThreadPoolConfig(ThreadPoolConfig.defaultConfig()
                            .setPoolName("rest")
                            .setCorePoolSize(2)
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
        return new GodwitServer(server);
    }

    private static ResourceConfig application(Api api, Guard guard) {
        ResourceConfig application = new ResourceConfig()
                .property(CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true)
                .property(ServerProperties.WADL_FEATURE_DISABLE, true)
                .register(JacksonFeature.withoutExceptionMappers())
                .register(SseFeature.class)
                .register(new MapperResolver())
                .register(new ServiceErrorMapper())
                .register(new MetricsFilter(api.metering()))
                .register(new VersionFilter())
                .register(new BodyFilter())
                .register(new GuardFilter(guard));
        List.of(
                        new RootResource(),
                        new PageResource(),
                        new GoalsResource(api),
                        new StrategiesResource(api),
                        new ScoringEnginesResource(api),
                        new ServicesResource(api),
                        new AuditTemplatesResource(api),
                        new AuditsResource(api),
                        new ActionPlansResource(api),
                        new ActionsResource(api),
                        new DataModelResource(api),
                        new WebhooksResource(api),
                        new PoliciesResource(api),
                        new HostsResource(api),
                        new PredictionsResource(api),
                        new SolutionsResource(api),
                        new HostMigrationsResource(api),
                        new OutcomesResource(api),
                        new EventsResource(api),
                        new SessionResource(guard),
                        new ServiceOpenApiResource(),
                        new MetricsResource(api),
                        new HealthResource(api))
                .forEach(application::register);
        return application;
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
            LOG.debug("The server did not end in order", e);
            server.shutdownNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.shutdownNow();
        }
    }

    private static final class MapperResolver implements ContextResolver<ObjectMapper> {
        @Override
        public ObjectMapper getContext(Class<?> type) {
            return Texts.mapper();
        }
    }
}
