package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Collection;

/** How migrations that reserve a part of the same link divide it. Pure. */
final class Division {

    private Division() {}

    /** The sum of the floors. */
    static Bandwidth sum(Collection<Share> shares) {
        return shares.stream().map(Share::floor).reduce(Bandwidth.ZERO, Bandwidth::plus);
    }

    /**
     * The even part of a share that yields: what other traffic and those that do not yield leave, divided by the number of those that do.
     *
     * @param others the other shares
     */
    static Bandwidth even(Attachment.Tree tree, Share share, Collection<Share> others) {
        Bandwidth kept = share.kept();
        Bandwidth fixed = Bandwidth.ZERO;
        int parts = 1;
        for (Share each : others) {
            if (each.yields()) {
                parts++;
                kept = kept.compareTo(each.kept()) < 0 ? each.kept() : kept;
            } else {
                fixed = fixed.plus(each.floor());
            }
        }
        return new Bandwidth(tree.most(kept).minus(fixed).bitsPerSecond() / parts);
    }

    /** The largest floor that a share can have beside the others. */
    static Bandwidth left(Attachment.Tree tree, Share share, Collection<Share> others) {
        Bandwidth left = tree.most(share.kept()).minus(sum(others));
        return share.yields() ? left.min(even(tree, share, others)) : left;
    }
}
