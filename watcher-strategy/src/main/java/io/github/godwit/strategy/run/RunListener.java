package io.github.godwit.strategy.run;

import io.github.godwit.strategy.apply.Applier;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterSampler;
import io.github.godwit.strategy.decide.Solution;
import io.github.godwit.strategy.plan.MovePlanner;

/** Hears how a run gets on, on the thread that runs it. Every method may be left out. */
public interface RunListener extends ClusterSampler.Listener, MovePlanner.Listener, Applier.Listener {

    /** Hears nothing. */
    RunListener NONE = new RunListener() {};

    @Override
    default void sampled(int number, int of, ClusterModel snapshot) {}

    /** The strategy has decided. */
    default void solved(Solution solution) {}
}
