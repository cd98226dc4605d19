package io.github.godwit.model.predict.forest;

/** What the trees of an ensemble say together, on the scale of learning. One is filled again and again. */
final class Answer {

    /**
     * The best single figure: the trees' median, for which an error counts by its size and not by its square, so that a few
     * migrations that went unlike all others of their kind do not draw it.
     */
    double value;

    /** The mean that is to be expected: the middle of the interval. Of trees that say yes (1) or no (0), a probability. */
    double mean;

    /** Half width of the interval. */
    double margin;
}
