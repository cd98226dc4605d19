package io.github.godwit.model.predict.forest;

/** The prediction of an ensemble on the scale of learning. Reused to avoid garbage. */
final class EnsembleOutput {

    /**
     * The best point estimate. For forests it is the median of the trees, which minimises absolute errors, so that
     * outliers among the training migrations hardly affect it.
     */
    double value;

    /** The expected value, which is the middle of the interval. For trees that predict yes (1) or no (0) it is a probability. */
    double mean;

    /** Half width of the interval. */
    double margin;
}
