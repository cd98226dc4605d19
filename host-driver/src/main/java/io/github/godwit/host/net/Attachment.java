package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tree that is attached to the NIC, and the lease that protects it. Every change is complete or, if the kernel refuses a part of
 * it, undone. What somebody else has changed meanwhile is left as it is.
 */
final class Attachment {

    /** The classes that divide a link, as lines for {@code lease.sh}. */
    interface Tree {

        /** Share of the capacity that is never reserved, for ssh, Nova's RPC and the control of the migration. */
        double UNRESERVED_SHARE = 0.05;

        /** The device that packets are counted on. */
        String device();

        /** The rate of which migrations can reserve a part. */
        Bandwidth capacity();

        /**
         * The rate that can be reserved for all migrations together.
         *
         * @param kept the rate that other traffic keeps; it always keeps 5 % of the capacity
         */
        default Bandwidth most(Bandwidth kept) {
            Bandwidth all = capacity();
            return new Bandwidth(Math.round(all.bitsPerSecond() * (1 - UNRESERVED_SHARE))).min(all.minus(kept));
        }

        /**
         * The lines that add a migration.
         *
         * @param number   the number of its class
         * @param limit    the rate that it cannot exceed
         * @param reserved the sum of all reservations including this one
         */
        List<String> add(int number, Flow flow, Bandwidth rate, Bandwidth limit, Bandwidth reserved);

        /**
         * The lines that change rate and limit of a migration.
         *
         * @param reserved the sum of all reservations including the new rate
         */
        List<String> change(int number, Bandwidth rate, Bandwidth limit, Bandwidth reserved);

        /**
         * The lines that remove a migration.
         *
         * @param flow     what is directed into its class
         * @param reserved the sum of the other reservations
         */
        List<String> remove(int number, Flow flow, Bandwidth reserved);

        /** The line that removes what directs a flow into the class of a migration. */
        String unmatch(int number, Flow flow);

        /** The lines that direct a flow into the class of a migration; that to a single port comes before those to ranges of ports. */
        List<String> match(int number, Flow flow);
    }

    /** What the NIC has now. */
    interface Now {

        /** What has become of the tree, without a full stop; empty if it is unchanged. */
        String change();

        /** The lines that remove the tree from what is there now. */
        List<String> removal();
    }

    /** Reads what the NIC has now. */
    interface Reader {
        Now read() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    private final Direction direction;
    private final Tree tree;
    private final Lease lease;
    private final Reader nic;
    private List<String> removal;

    private Attachment(Tree tree, List<String> removal, Direction direction, Lease lease, Reader nic) {
        this.direction = direction;
        this.tree = tree;
        this.lease = lease;
        this.nic = nic;
        this.removal = removal;
    }

    /**
     * Attaches a tree without migrations; if that fails, removes the rules and releases the lease.
     *
     * @param attach  the lines that attach it
     * @param removal the lines that remove it
     * @throws IOException if a rule is refused; then no rule is left
     */
    static Attachment put(
            Tree tree, List<String> attach, List<String> removal, Direction direction, Lease lease, Reader nic)
            throws IOException {
        try {
            lease.apply(attach);
        } catch (IOException e) {
            lease.release();
            throw e;
        }
        return new Attachment(tree, removal, direction, lease, nic);
    }

    Tree tree() {
        return tree;
    }

    /** Renews the lease; false if it is lost, and with it the tree. */
    boolean renew() {
        return lease.renew();
    }

    /**
     * Checks whether the tree is still as it was attached. If only an operator's limiter above it has changed, the new parameters are
     * the ones that will be restored.
     *
     * @return what has become of the tree, without a full stop; empty if it is unchanged or cannot be read
     */
    synchronized String inspect() {
        try {
            Now now = nic.read();
            String change = now.change();
            if (change.isEmpty() && !removal.equals(now.removal())) {
                lease.record(now.removal());
                removal = now.removal();
            }
            return change;
        } catch (IOException e) {
            LOG.debug("Cannot check the tree on {}", tree.device(), e);
            return "";
        }
    }

    /** Gives up the tree, which somebody else has changed; only the ifb device, which nobody else knows, is removed. */
    void abandon() {
        if (direction == Direction.EGRESS) {
            lease.drop();
            return;
        }
        try {
            lease.record(List.of("ip link del " + tree.device()));
        } catch (IOException e) {
            LOG.debug("Cannot record that only {} is to be removed", tree.device(), e);
        }
        lease.release();
    }

    /**
     * Adds the class of a migration.
     *
     * @param others the sum of the other reservations
     * @throws IOException if a rule is refused; then the tree is as before
     */
    void add(int number, Flow flow, Share share, Bandwidth others) throws IOException {
        try {
            lease.apply(tree.add(number, flow, share.floor(), share.limit(), others.plus(share.floor())));
        } catch (LeaseLostException e) {
            throw e;
        } catch (IOException e) {
            lease.retract(tree.remove(number, flow, others));
            throw e;
        }
    }

    /**
     * Changes floor and limit of a migration's class.
     *
     * @throws IOException if a rule is refused; then the class keeps its old ones
     */
    void change(int number, Share from, Share to, Bandwidth others) throws IOException {
        try {
            lease.apply(tree.change(number, to.floor(), to.limit(), others.plus(to.floor())));
        } catch (LeaseLostException e) {
            throw e;
        } catch (IOException e) {
            lease.retract(tree.change(number, from.floor(), from.limit(), others.plus(from.floor())));
            throw e;
        }
    }

    /**
     * Directs another flow into a migration's class.
     *
     * @throws IOException if a rule is refused; then the class keeps its old flow
     */
    void match(int number, Flow from, Flow to) throws IOException {
        List<String> lines = new ArrayList<>(List.of(tree.unmatch(number, from)));
        try {
            lines.addAll(tree.match(number, to));
            lease.apply(lines);
        } catch (LeaseLostException e) {
            throw e;
        } catch (IOException e) {
            List<String> back = new ArrayList<>(List.of(tree.unmatch(number, to), tree.unmatch(number, from)));
            back.addAll(tree.match(number, from));
            lease.retract(back);
            throw e;
        }
    }

    /** Removes the class of a migration. */
    void remove(int number, Flow flow, Bandwidth others) throws IOException {
        lease.retract(tree.remove(number, flow, others));
    }

    /** Removes the tree, restores the NIC's own configuration and releases the lease; leaves a tree that somebody else has changed. */
    void detach() {
        String change = inspect();
        if (change.isEmpty()) {
            lease.release();
        } else {
            LOG.warn("Leaving the traffic rules as they are: {}.", change);
            abandon();
        }
    }
}
