package io.github.godwit.strategy.plan;

import io.github.godwit.model.NoTechniqueException;
import io.github.godwit.model.TechniqueAvailability;
import io.github.godwit.model.VmProfile;
import io.github.godwit.nova.HostDriverClient;
import io.github.godwit.nova.HostDriverException;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.plan.ActionPlan.Unplanned;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Profiles the VMs that a strategy wants to move, has a technique chosen for each, and puts the action plan together. */
public final class MovePlanner {

    private static final Logger LOG = LoggerFactory.getLogger(MovePlanner.class);

    /** Hears how the planning gets on. */
    public interface Listener {

        /** A VM is going to be profiled, which takes seconds. */
        default void planning(Move move) {}

        /** A technique was chosen. */
        default void planned(PlannedMigration migration) {}
    }

    private final Map<URI, HostDriverClient> agents;
    private final MoveDecision decision;
    private final Listener listener;

    /**
     * @param agents   the client of each host driver by its base URL
     * @param decision decides how each VM is moved
     * @param listener hears how it gets on
     */
    public MovePlanner(Map<URI, HostDriverClient> agents, MoveDecision decision, Listener listener) {
        this.agents = Map.copyOf(agents);
        this.decision = decision;
        this.listener = listener;
    }

    /**
     * Plans moves in their order. The loads that a later one finds are those predicted after the earlier ones.
     *
     * @param now   the newest picture of the cluster
     * @param moves what a strategy wants, by that picture
     * @throws InterruptedException when the thread is interrupted
     */
    public ActionPlan plan(ClusterModel now, List<Move> moves) throws InterruptedException {
        List<PlannedMigration> planned = new ArrayList<>();
        List<Unplanned> unplanned = new ArrayList<>();
        ClusterModel cluster = now;
        for (Move move : moves) {
            listener.planning(move);
            try {
                PlannedMigration migration = plan(move, cluster.host(move.from()), cluster.host(move.to()));
                planned.add(migration);
                cluster = cluster.withMove(move.vm(), move.to());
                listener.planned(migration);
            } catch (HostDriverException | NoTechniqueException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LOG.debug("{} is not planned.", move, e);
                unplanned.add(new Unplanned(move, e.getMessage()));
            }
        }
        return new ActionPlan(decision.policy(), planned, unplanned);
    }

    private PlannedMigration plan(Move move, ClusterHost source, ClusterHost destination) {
        HostDriverClient agent = agents.get(source.agent());
        TechniqueAvailability availability = agent.techniques(move.vm(), destination.agent());
        VmProfile profile = agent.profile(move.vm());
        return decision.decide(move, profile, source, destination, availability);
    }
}
