package io.github.godwit.strategy.service;

import io.github.godwit.common.rest.RestServer;
import io.github.godwit.common.trail.TrailLog;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.strategy.actionplan.ActionHandlers;
import io.github.godwit.strategy.actionplan.ActionPlans;
import io.github.godwit.strategy.actionplan.BudgetTerms;
import io.github.godwit.strategy.actionplan.OtherMigrations;
import io.github.godwit.strategy.actionplan.PlanRevision;
import io.github.godwit.strategy.actionplan.PlanRun;
import io.github.godwit.strategy.audit.AuditEngine;
import io.github.godwit.strategy.audit.AuditRun;
import io.github.godwit.strategy.audit.AuditTemplates;
import io.github.godwit.strategy.audit.AuditWork;
import io.github.godwit.strategy.audit.Audits;
import io.github.godwit.strategy.audit.MeasuredErrors;
import io.github.godwit.strategy.audit.MeasuredOverhead;
import io.github.godwit.strategy.audit.MigrationAudit;
import io.github.godwit.strategy.audit.RecentMoves;
import io.github.godwit.strategy.audit.RunningAudits;
import io.github.godwit.strategy.catalog.Catalog;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.control.ServiceSwitch;
import io.github.godwit.strategy.events.EventStreams;
import io.github.godwit.strategy.events.Events;
import io.github.godwit.strategy.plan.MoveDecisions;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.plan.ScheduleSources;
import io.github.godwit.strategy.plan.ScheduleTerms;
import io.github.godwit.strategy.policy.CurrentPolicySet;
import io.github.godwit.strategy.policy.Policies;
import io.github.godwit.strategy.policy.PolicyDistribution;
import io.github.godwit.strategy.policy.TechniqueRules;
import io.github.godwit.strategy.policy.WorkloadTypes;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.server.Endpoint;
import io.github.godwit.strategy.rest.server.GodwitServer;
import io.github.godwit.strategy.server.ServerActions;
import io.github.godwit.strategy.shadow.RecordedMigrations;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Stores;
import io.github.godwit.strategy.trail.HostTrails;
import io.github.godwit.strategy.trail.Trail;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance of the service: REST API, tasks, database. */
public final class Service implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private final Database database;
    private final Tasks tasks;
    private final PlanRevision revision;
    private final PolicyDistribution distribution;
    private final RecordedMigrations recorded;
    private final HostTrails hostTrails;
    private final EventStreams streams;
    private final RestServer server;

    private Service(
            Database database,
            Tasks tasks,
            PlanRevision revision,
            PolicyDistribution distribution,
            RecordedMigrations recorded,
            HostTrails hostTrails,
            EventStreams streams,
            RestServer server) {
        this.revision = revision;
        this.database = database;
        this.tasks = tasks;
        this.distribution = distribution;
        this.recorded = recorded;
        this.hostTrails = hostTrails;
        this.streams = streams;
        this.server = server;
    }

    /**
     * The parts of an instance that depend on its configuration.
     *
     * @param endpoint         where the instance is reached
     * @param guard            authorizes requests
     * @param cloud            hosts and VMs
     * @param predictor        predicts the metrics of migrations
     * @param pace             intervals of polling, heartbeats and expiry
     * @param instance         name of the instance, unique among those that share the database
     * @param longestMigration a migration that is predicted to take longer counts as one that does not converge
     * @param bandwidth        tells how much bandwidth migrations need beside other traffic
     * @param racks            links between racks
     * @param observe          whether plans are made and never started
     * @param trailLog         gets the audit trail as JSON lines
     * @param certificateEnd   when the certificate expires by which host drivers know the service; empty without one
     */
    public record Parts(
            Endpoint endpoint,
            Guard guard,
            Cloud cloud,
            Predictor predictor,
            Tasks.Pace pace,
            String instance,
            Duration longestMigration,
            Supplier<BandwidthModel> bandwidth,
            Racks racks,
            boolean observe,
            TrailLog trailLog,
            Optional<Supplier<Instant>> certificateEnd) {

        /**
         * The parts of an instance that starts plans, with the published bandwidth model, without links between racks, and with the trail in
         * the log.
         */
        public Parts(
                Endpoint endpoint,
                Guard guard,
                Cloud cloud,
                Predictor predictor,
                Tasks.Pace pace,
                String instance,
                Duration longestMigration) {
            this(
                    endpoint,
                    guard,
                    cloud,
                    predictor,
                    pace,
                    instance,
                    longestMigration,
                    BandwidthModel::published,
                    Racks.NONE,
                    false,
                    TrailLog.ordinary(),
                    Optional.empty());
        }
    }

    /**
     * Starts an instance. The instance closes the database when it is closed.
     *
     * @throws IOException if it cannot listen on the address; the database is closed
     */
    public static Service start(Database database, Parts parts) throws IOException {
        Clock clock = Clock.systemUTC();
        Catalog catalog = Catalog.shipped();
        Stores stores = Stores.of(database, catalog, clock);
        Events events = new Events();
        Policies policies = new Policies(database, clock);
        Interval usual = parts.cloud().hasNova() ? ScheduleTerms.WITH_NOVA : ScheduleTerms.WITHOUT_NOVA;
        MoveDecisions decisions = new MoveDecisions(parts.predictor(), parts.bandwidth(), parts.longestMigration());
        ScheduleSources sources = new ScheduleSources(
                parts.racks(),
                new MeasuredOverhead(stores, usual),
                new MeasuredErrors(stores),
                new OtherMigrations(stores, clock));
        AuditWork work = new AuditWork(new AuditEngine(new MigrationAudit(
                parts.cloud(),
                policies,
                decisions,
                sources,
                new RecentMoves(stores, parts.cloud()::movesSince, clock),
                clock)));
        ServiceSwitch control = new ServiceSwitch(database, clock, parts.observe());
        TechniqueRules rules = new TechniqueRules(database, clock);
        WorkloadTypes trafficClasses = new WorkloadTypes(database, clock);
        CurrentPolicySet policySet =
                new CurrentPolicySet(database, policies, rules, trafficClasses, parts.cloud()::aggregates, clock);
        parts.cloud().usePolicies(policySet);
        parts.cloud().useOwnMigrations(stores::migratingVms);
        PolicyDistribution distribution = new PolicyDistribution(parts.cloud());
        AuditRun auditRun = new AuditRun(
                stores,
                catalog,
                control::off,
                control::noMigrations,
                clock,
                parts.instance(),
                parts.pace().deadAfter());
        BudgetTerms budget = BudgetTerms.of(parts.cloud(), parts.racks());
        PlanRevision revision =
                new PlanRevision(stores, events, decisions, sources, budget.concurrent(), Optional.empty(), clock);
        PlanRun planRun = new PlanRun(
                stores,
                ServerActions.addedTo(ActionHandlers.of(parts.cloud(), events, clock), parts.cloud()),
                budget,
                revision,
                control::noMigrations,
                events,
                clock,
                parts.instance());
        Trail trail = new Trail(database, parts.trailLog(), parts.instance(), clock);
        Tasks tasks = new Tasks(
                stores,
                auditRun,
                new RunningAudits(auditRun, work),
                planRun,
                trail,
                clock,
                parts.pace(),
                parts.instance());
        EventStreams streams = new EventStreams(events, parts.guard().recheck(), clock);
        revision.wakeBy(tasks::runPlan);
        HostTrails hostTrails = new HostTrails(database, parts.cloud());
        RecordedMigrations recorded = new RecordedMigrations(database, parts.cloud(), clock);
        ServiceMetrics metrics = new ServiceMetrics(stores, control, events);
        parts.certificateEnd().ifPresent(metrics::expires);
        Api api = new Api(
                catalog,
                stores,
                new Audits(stores, catalog, clock, parts.cloud().hasNova(), tasks::runAudit),
                new AuditTemplates(stores, catalog, clock, parts.cloud().hasNova()),
                new ActionPlans(stores, control, tasks::runPlan),
                policies,
                rules,
                trafficClasses,
                policySet,
                distribution::changed,
                control,
                policy -> decisions.by(policies.get(policy).policy(), ReservationTerms.DEFAULT),
                work,
                parts.cloud(),
                streams,
                trail,
                metrics,
                recorded,
                clock);
        tasks.start();
        distribution.start();
        recorded.start();
        hostTrails.start();
        control.noMigrations().ifPresent(reason -> LOG.warn("No plan is started: {}", reason));
        try {
            RestServer server = GodwitServer.start(parts.endpoint(), api, parts.guard());
            return new Service(database, tasks, revision, distribution, recorded, hostTrails, streams, server);
        } catch (IOException e) {
            streams.close();
            recorded.close();
            hostTrails.close();
            distribution.close();
            tasks.close();
            revision.close();
            database.close();
            throw e;
        }
    }

    /** Returns the port that the instance listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        streams.close();
        server.close();
        recorded.close();
        hostTrails.close();
        distribution.close();
        tasks.close();
        revision.close();
        database.close();
    }
}
