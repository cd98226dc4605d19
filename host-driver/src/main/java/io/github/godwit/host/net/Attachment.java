package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;

/**
 * A tree that is attached to the NIC, and the lease that protects it. Every change is complete or, if the kernel refuses a part of
 * it, undone.
 *
 * @param tree  the tree
 * @param lease the lease
 */
record Attachment(HtbTree tree, Lease lease) {

    /**
     * Attaches a tree without migrations; if that fails, removes the rules and releases the lease.
     *
     * @throws IOException if a rule is refused; then no rule is left
     */
    static Attachment put(AttachPoint point, Lease lease) throws IOException {
        try {
            lease.apply(point.attach());
        } catch (IOException e) {
            lease.release();
            throw e;
        }
        return new Attachment(point.tree(), lease);
    }

    /**
     * Adds the class of a migration.
     *
     * @param others the sum of the other reservations
     * @throws IOException if a rule is refused; then the tree is as before
     */
    void add(int number, Flow flow, Bandwidth rate, Bandwidth others) throws IOException {
        try {
            lease.apply(tree.add(number, flow, rate, others.plus(rate)));
        } catch (LeaseLostException e) {
            throw e;
        } catch (IOException e) {
            lease.retract(tree.remove(number, others));
            throw e;
        }
    }

    /**
     * Changes the rate of a migration's class.
     *
     * @throws IOException if a rule is refused; then the class keeps its old rate
     */
    void change(int number, Bandwidth from, Bandwidth to, Bandwidth others) throws IOException {
        try {
            lease.apply(tree.change(number, to, others.plus(to)));
        } catch (LeaseLostException e) {
            throw e;
        } catch (IOException e) {
            lease.retract(tree.change(number, from, others.plus(from)));
            throw e;
        }
    }

    /** Removes the class of a migration. */
    void remove(int number, Bandwidth others) throws IOException {
        lease.retract(tree.remove(number, others));
    }

    /** Removes the tree, restores the NIC's own configuration and releases the lease. */
    void detach() {
        lease.release();
    }
}
