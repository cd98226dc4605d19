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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Profiles the VMs that a strategy moves, chooses a technique for each, and builds the plan. */
public final class MovePlanner {

    private static final Logger LOG = LoggerFactory.getLogger(MovePlanner.class);

    private static final int MAX_REASON_CHARS = 200;

    /** Is notified of the progress of planning. */
    public interface Listener {

        /** A move is about to be planned. The VM is profiled, which takes seconds. */
        default void planning(Move move) {}

        /** A move was planned. */
        default void planned(PlannedMigration migration) {}
    }

    private final Cloud cloud;
    private final MoveDecision decision;
    private final Listener listener;

    /**
     * @param cloud    profiles VMs, and returns which techniques are available
     * @param decision chooses the technique of each migration
     * @param listener is notified of the progress
     */
    public MovePlanner(Cloud cloud, MoveDecision decision, Listener listener) {
        this.cloud = cloud;
        this.decision = decision;
        this.listener = listener;
    }

    /**
     * Plans moves in their order. Each move is planned with the loads that are predicted after the earlier moves. A move that cannot
     * be planned is listed as unplanned, and planning continues.
     *
     * @param now   the newest snapshot of the cluster
     * @param moves the moves of a strategy, based on that snapshot
     * @throws InterruptedException if the thread is interrupted
     */
    public MigrationPlan plan(ClusterModel now, List<Move> moves) throws InterruptedException {
        List<PlannedMigration> planned = new ArrayList<>();
        List<Unplanned> unplanned = new ArrayList<>();
        ClusterModel cluster = now;
        for (Move move : TrafficReasons.told(cloud, decision.terms().urgency(), now, moves)) {
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
                LOG.info("{} is not planned: {}", move, e.getMessage());
                unplanned.add(
                        new Unplanned(move, e instanceof NoTechniqueException ? noTechnique(move) : e.getMessage()));
            }
        }
        return new MigrationPlan(decision.policy(), planned, unplanned);
    }

    /** Returns why no technique can run, with each reason once; the log has the reason of each technique. */
    private String noTechnique(Move move) {
        Map<String, Long> techniques =
                cloud.techniques(move.vm(), move.from(), move.to()).unavailable().values().stream()
                        .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
        if (techniques.isEmpty()) {
            return "No technique can run: none has a prediction.";
        }
        Map.Entry<String, Long> first =
                techniques.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
        int others = techniques.size() - 1;
        String reason = first.getKey();
        return "No technique can run: %s (%d techniques)%s."
                .formatted(
                        reason.length() > MAX_REASON_CHARS ? reason.substring(0, MAX_REASON_CHARS) + " …" : reason,
                        first.getValue(),
                        others == 0
                                ? ""
                                : "; %d other %s for the rest".formatted(others, others == 1 ? "reason" : "reasons"));
    }

    /**
     * Plans one move.
     *
     * @param move        the move
     * @param vm          status of the VM
     * @param source      the source host
     * @param destination the destination host
     * @throws HostDriverException  if a host driver does not answer or refuses
     * @throws NoTechniqueException if no technique can migrate the VM
     */
    public PlannedMigration plan(Move move, VmStatus vm, ClusterHost source, ClusterHost destination) {
        TechniqueAvailability availability = cloud.techniques(move.vm(), source.name(), destination.name());
        long disks = vm.definition() == null ? 0 : vm.definition().diskBytes();
        return decision.decide(move, profile(move, vm, source), source, destination, availability, disks)
                .withLocalDisk(cloud.localDisk(move.vm()));
    }

    /** Returns the profile of the VM. If it cannot be profiled, an unmeasured profile is used, so that it is planned nevertheless. */
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
