package io.github.godwit.strategy.rest.server;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.rest.RestServer;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.GuardFilter;
import io.github.godwit.strategy.rest.MetricsFilter;
import io.github.godwit.strategy.rest.RequestBody;
import io.github.godwit.strategy.rest.ServiceErrorMapper;
import io.github.godwit.strategy.rest.SessionResource;
import io.github.godwit.strategy.rest.TextFilter;
import io.github.godwit.strategy.rest.TrailFilter;
import io.github.godwit.strategy.rest.VersionFilter;
import io.github.godwit.strategy.rest.godwit.EventsResource;
import io.github.godwit.strategy.rest.godwit.HealthResource;
import io.github.godwit.strategy.rest.godwit.HostMigrationsResource;
import io.github.godwit.strategy.rest.godwit.HostsResource;
import io.github.godwit.strategy.rest.godwit.MetricsResource;
import io.github.godwit.strategy.rest.godwit.MigrationsResource;
import io.github.godwit.strategy.rest.godwit.OutcomesResource;
import io.github.godwit.strategy.rest.godwit.PageResource;
import io.github.godwit.strategy.rest.godwit.PoliciesResource;
import io.github.godwit.strategy.rest.godwit.PredictionsResource;
import io.github.godwit.strategy.rest.godwit.ReportResource;
import io.github.godwit.strategy.rest.godwit.SchedulesResource;
import io.github.godwit.strategy.rest.godwit.ServiceOpenApiResource;
import io.github.godwit.strategy.rest.godwit.SolutionsResource;
import io.github.godwit.strategy.rest.godwit.SwitchResource;
import io.github.godwit.strategy.rest.godwit.TechniqueRulesResource;
import io.github.godwit.strategy.rest.godwit.TrafficClassesResource;
import io.github.godwit.strategy.rest.godwit.TrailResource;
import io.github.godwit.strategy.rest.godwit.WhatIfResource;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Starts the HTTP server with the REST APIs and the page. */
public final class GodwitServer {

    private static final RestServer.Limits LIMITS = new RestServer.Limits(32, 16 << 10, RequestBody.MAX_BYTES);

    /** Answers are ASCII, as Watcher's are, so that no text that was ever stored can break them. */
    private static final ObjectMapper ANSWERS =
            Texts.mapper().copy().configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), true);

    private GodwitServer() {}

    /**
     * Starts the server.
     *
     * @param endpoint where it is reached
     * @param api      the parts of the service that the resources call
     * @param guard    authorizes requests
     * @throws IOException if the server cannot listen on the address
     */
    public static RestServer start(Endpoint endpoint, Api api, Guard guard) throws IOException {
        List<Object> resources = new ArrayList<>(resources(api, guard));
        if (endpoint.behindProxy()) {
            resources.add(new ClientAddressFilter());
            resources.add(new ProxyFilter());
        }
        return RestServer.start(
                endpoint.listen(), endpoint.tls(), LIMITS, ANSWERS, new ServiceErrorMapper(), resources);
    }

    private static List<Object> resources(Api api, Guard guard) {
        return List.of(
                new MetricsFilter(api.metering()),
                new TrailFilter(api.trail()),
                new VersionFilter(),
                new GuardFilter(guard),
                new TextFilter(),
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
                new TechniqueRulesResource(api),
                new TrafficClassesResource(api),
                new SwitchResource(api),
                new HostsResource(api),
                new PredictionsResource(api),
                new SolutionsResource(api),
                new HostMigrationsResource(api),
                new OutcomesResource(api),
                new MigrationsResource(api),
                new ReportResource(api),
                new SchedulesResource(api),
                new WhatIfResource(api),
                new EventsResource(api, guard),
                new TrailResource(api),
                new SessionResource(guard, api.clock()),
                new ServiceOpenApiResource(),
                new MetricsResource(api),
                new HealthResource(api));
    }
}
