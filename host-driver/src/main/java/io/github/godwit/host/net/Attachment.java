package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;

/**
 * A tree that hangs on the NIC, and the lease it hangs there under. A change is made whole or, when the kernel refuses a part
 * of it, not at all.
 *
 * @param tree  the tree
 * @param lease the lease
 */
record Attachment(HtbTree tree, Lease lease) {

    /**
     * Puts a tree without migrations in place; gives the lease back when that fails.
     *
     * @throws IOException when a rule is refused; none is left behind then
     */
    static Attachment put(AttachPoint point, Lease lease) throws IOException {
        try {
            lease.apply(point.attach());
        } catch (IOException e) {
            lease.lift();
            throw e;
        }
        return new Attachment(point.tree(), lease);
    }

    /**
     * Adds the class of a migration.
     *
     * @param others the sum of the other reservations
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

    /** Changes the rate of a migration's class. */
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

    /** Takes the tree away and leaves the NIC as it was. */
    void lift() {
        lease.lift();
    }
}
