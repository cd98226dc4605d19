package io.github.godwit.strategy.replay;

/** Who decides about moves in a replay: rules of audits, at their intervals. */
interface Contender {

    /** Returns its name, for tables and JSON. */
    String name();

    /**
     * Decides before a step, and moves VMs.
     *
     * @param cluster the cluster, as it was measured until now
     * @param log     receives the moves
     * @throws InterruptedException if the thread is interrupted
     */
    void act(SimulatedCluster cluster, MoveLog log) throws InterruptedException;

    /** Nobody, who moves nothing. */
    Contender NOBODY = new Contender() {
        @Override
        public String name() {
            return "no audits";
        }

        @Override
        public void act(SimulatedCluster cluster, MoveLog log) {}
    };
}
