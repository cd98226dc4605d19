package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.actionplan.ActionPlans;
import io.github.godwit.strategy.audit.AuditEngine;
import io.github.godwit.strategy.audit.AuditTemplates;
import io.github.godwit.strategy.audit.Audits;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.plan.MoveDecision;
import io.github.godwit.strategy.policy.Policies;
import io.github.godwit.strategy.store.Stores;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/**
 * What the routes work with.
 *
 * @param catalog   goals, strategies, scoring engines
 * @param stores    what is stored
 * @param audits    makes and changes audits
 * @param templates makes and changes templates
 * @param plans     starts and cancels plans
 * @param policies  SLO policies
 * @param decisions by name of a policy who decides under it
 * @param engine    decides what strategies would do
 * @param cloud     hosts and VMs
 * @param events    what happens
 * @param metering  figures for Prometheus
 * @param clock     tells the time
 */
public record Api(
        Catalog catalog,
        Stores stores,
        Audits audits,
        AuditTemplates templates,
        ActionPlans plans,
        Policies policies,
        Function<String, MoveDecision> decisions,
        AuditEngine engine,
        Cloud cloud,
        Events events,
        Metering metering,
        Clock clock) {

    /** Takes and gives figures. */
    public interface Metering {

        /** A request was answered. */
        void request(String route, String method, int status, Duration took);

        /** All figures in the text form of Prometheus. */
        String scrape();
    }

    /** What a request's client is shown. */
    public WatcherJson views(ContainerRequestContext request) {
        return new WatcherJson(catalog, clock, base(request), ApiVersion.of(request));
    }

    /** Scheme, host and port that the client used. */
    public static String base(ContainerRequestContext request) {
        URI uri = request.getUriInfo().getBaseUri();
        return "%s://%s".formatted(uri.getScheme(), uri.getAuthority());
    }
}
