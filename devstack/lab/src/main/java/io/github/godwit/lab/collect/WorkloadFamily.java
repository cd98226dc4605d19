package io.github.godwit.lab.collect;

import io.github.godwit.lab.guest.GuestWorkload.Pattern;

/**
 * Families of workloads, each a range of every parameter of the lab's guest. A family that is left out of training shows how
 * well a model predicts workloads that it has not seen.
 */
@SuppressWarnings("ImmutableEnumChecker") // ranges are records of numbers
enum WorkloadFamily {
    /** Almost idle. */
    IDLE(Pattern.RANDOM, r(.02, .2), r(.0005, .01), r(0, .1), r(.1, .6), r(8, 256)),
    /** Serves requests from a small hot set. */
    WEB(Pattern.HOTSPOT, r(.05, .4), r(.01, .2), r(.1, .5), r(.4, .8), r(16, 512)),
    /** Updates records everywhere in a large working set. */
    DATABASE(Pattern.RANDOM, r(.2, .9), r(.05, .8), r(.2, .6), r(.3, .7), r(32, 1024)),
    /** A large in-memory store with a tenth of it hot. */
    CACHE(Pattern.HOTSPOT, r(.4, 1), r(.1, 1.2), r(.1, .4), r(.5, .95), r(64, 4096)),
    /** Writes buffers in sequence, with content that does not compress. */
    STREAM(Pattern.SEQ, r(.1, .5), r(.1, 1), r(.1, .5), r(.9, 1), r(1024, 4096)),
    /** Computes on a large array, part by part. */
    BATCH(Pattern.SEQ, r(.3, 1), r(.02, .5), r(.5, .8), r(.1, .5), r(512, 4096)),
    /** Computes and writes little. */
    COMPUTE(Pattern.RANDOM, r(.02, .2), r(.005, .1), r(.7, .95), r(.2, .8), r(8, 512)),
    /** Writes as fast as the link, or faster. */
    WRITER(Pattern.RANDOM, r(.1, .6), r(.6, 2), r(.05, .2), r(.2, .9), r(256, 4096));

    private final Pattern pattern;
    private final Range workingSet;
    private final Range dirty;
    private final Range cpu;
    private final Range entropy;
    private final Range change;

    WorkloadFamily(Pattern pattern, Range workingSet, Range dirty, Range cpu, Range entropy, Range change) {
        this.pattern = pattern;
        this.workingSet = workingSet;
        this.dirty = dirty;
        this.cpu = cpu;
        this.entropy = entropy;
        this.change = change;
    }

    /** Where its guest writes. */
    Pattern pattern() {
        return pattern;
    }

    /** Working set as a share of the memory with content. */
    Range workingSet() {
        return workingSet;
    }

    /** Dirty rate as a share of the link's rate. */
    Range dirty() {
        return dirty;
    }

    /** Share of its vCPU that the guest keeps busy. */
    Range cpu() {
        return cpu;
    }

    /** Normalised byte entropy of its content. */
    Range entropy() {
        return entropy;
    }

    /** Bytes that a write changes in a page. */
    Range change() {
        return change;
    }

    private static Range r(double low, double high) {
        return new Range(low, high);
    }
}
