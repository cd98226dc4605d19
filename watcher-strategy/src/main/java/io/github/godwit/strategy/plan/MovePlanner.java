package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.select.NoTechniqueException;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.plan.MigrationPlan.Unplanned;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Profiles the VMs that a strategy wants to move, has a technique chosen for each, and puts the plan together. */
public final class MovePlanner {

    private static final Logger LOG = LoggerFactory.getLogger(MovePlanner.class);

    /** Hears how the planning gets on. */
    public interface Listener {

        /** A VM is going to be profiled, which takes seconds. */
        default void planning(Move move) {}

        /** A technique was chosen. */
        default void planned(PlannedMigration migration) {}
    }

    private final Cloud cloud;
    private final MoveDecision decision;
    private final Listener listener;

    /**
     * @param cloud    tells what VMs do and hosts can
     * @param decision decides how each VM is moved
     * @param listener hears how it gets on
     */
    public MovePlanner(Cloud cloud, MoveDecision decision, Listener listener) {
        this.cloud = cloud;
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
    public MigrationPlan plan(ClusterModel now, List<Move> moves) throws InterruptedException {
        List<PlannedMigration> planned = new ArrayList<>();
        List<Unplanned> unplanned = new ArrayList<>();
        ClusterModel cluster = now;
        for (Move move : moves) {
            listener.planning(move);
            try {
                PlannedMigration migration =
                        plan(move, cluster.vm(move.vm()), cluster.host(move.from()), cluster.host(move.to()));
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
        return new MigrationPlan(decision.policy(), planned, unplanned);
    }

    /**
     * Plans one move.
     *
     * @param vm what the cluster knows of the VM
     * @throws HostDriverException  when a host does not tell what is needed
     * @throws NoTechniqueException when nothing can move the VM
     */
    public PlannedMigration plan(Move move, VmStatus vm, ClusterHost source, ClusterHost destination) {
        TechniqueAvailability availability = cloud.techniques(move.vm(), source.name(), destination.name());
        return decision.decide(move, profile(move, vm, source), source, destination, availability);
    }

    /** A VM that cannot be profiled is planned all the same, as one of which nothing is known. */
    private VmProfile profile(Move move, VmStatus vm, ClusterHost source) {
        try {
            return cloud.profile(move.vm(), source.name());
        } catch (HostDriverException e) {
            if (e.refused() || vm.definition() == null || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.warn("{} is planned without a profile: {}", move, e.getMessage());
            return VmProfile.unmeasured(vm.definition());
        }
    }
}
