package io.github.godwit.strategy.rest;

import io.github.godwit.model.select.PolicySet;
import io.github.godwit.strategy.actionplan.ActionPlans;
import io.github.godwit.strategy.audit.AuditTemplates;
import io.github.godwit.strategy.audit.AuditWork;
import io.github.godwit.strategy.audit.Audits;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.control.ServiceSwitch;
import io.github.godwit.strategy.events.EventStreams;
import io.github.godwit.strategy.plan.MoveDecision;
import io.github.godwit.strategy.policy.Policies;
import io.github.godwit.strategy.policy.TechniqueRules;
import io.github.godwit.strategy.policy.WorkloadTypes;
import io.github.godwit.strategy.shadow.RecordedMigrations;
import io.github.godwit.strategy.store.Stores;
import io.github.godwit.strategy.trail.Trail;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The parts of the service that the REST resources call.
 *
 * @param catalog   goals, strategies and scoring engines
 * @param stores    access to the database
 * @param audits    creates, changes and archives audits
 * @param templates creates, changes and deletes audit templates
 * @param plans     starts, cancels and archives action plans
 * @param policies  SLO policies
 * @param rules     rules on techniques for projects and aggregates
 * @param trafficClasses workload classes by traffic, with their SLA bounds
 * @param policySet the policies, rules and traffic classes as host drivers are given them
 * @param policiesChanged to be called after a policy, a rule or a traffic class was changed
 * @param control   the switch of the service
 * @param decisions returns the technique decision for the name of an SLO policy
 * @param work      computes solutions of strategies
 * @param cloud     hosts and VMs
 * @param streams   the clients that follow the events of this instance
 * @param trail     the audit trail
 * @param metering  metrics for Prometheus
 * @param recorded  the migrations that have ended
 * @param clock     current time
 */
public record Api(
        Catalog catalog,
        Stores stores,
        Audits audits,
        AuditTemplates templates,
        ActionPlans plans,
        Policies policies,
        TechniqueRules rules,
        WorkloadTypes trafficClasses,
        Supplier<PolicySet> policySet,
        Runnable policiesChanged,
        ServiceSwitch control,
        Function<String, MoveDecision> decisions,
        AuditWork work,
        Cloud cloud,
        EventStreams streams,
        Trail trail,
        Metering metering,
        RecordedMigrations recorded,
        Clock clock) {

    /** Records metrics of requests and exports all metrics of the service. */
    public interface Metering {

        /**
         * Records a request that was answered.
         *
         * @param route  the template of the path, such as {@code /v1/audits/{identity}}, or {@code none} if no route matched
         * @param method HTTP method
         * @param status HTTP status of the response
         * @param took   time from the receipt of the request to its response
         */
        void request(String route, String method, int status, Duration took);

        /** Returns all metrics in the text format of Prometheus. */
        String scrape();
    }

    /** Returns the JSON views for the microversion and the base URL of a request. */
    public WatcherJson views(ContainerRequestContext request) {
        return new WatcherJson(catalog, clock, base(request), ApiVersion.of(request));
    }

    /** Returns the scheme, host and port that the client used, without a trailing slash. */
    public static String base(ContainerRequestContext request) {
        URI uri = request.getUriInfo().getBaseUri();
        return "%s://%s".formatted(uri.getScheme(), uri.getAuthority());
    }
}
